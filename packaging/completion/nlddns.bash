# SPDX-License-Identifier: MIT
# bash completion for nlddns; needs nothing but bash.

# The names of records: sections of the main configuration file, where it may be read.
_nlddns_names() {
	local config=/etc/nlddns/nlddns.conf i
	for ((i = 1; i < ${#COMP_WORDS[@]} - 1; i++)); do
		[[ ${COMP_WORDS[i]} == -c ]] && config=${COMP_WORDS[i + 1]}
	done
	[[ -r $config ]] || return
	sed -n 's/^\[\([^] ]*\)\].*/\1/p' "$config" 2>/dev/null | grep -vx -e nlddns -e defaults
}

# The services of the catalogue.
_nlddns_services() {
	local file
	for file in /etc/nlddns/providers/*.conf; do
		[[ -e $file ]] && file=${file##*/} && echo "${file%.conf}"
	done
	sed -n 's/^\[service \([^] ]*\)\].*/\1/p' /usr/share/nlddns/providers.conf \
		/usr/local/share/nlddns/providers.conf 2>/dev/null
}

_nlddns() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} command= i
	local commands="run check status history metrics explain watch once providers update retry reload version"
	COMPREPLY=()

	if [[ $prev == -c ]]; then
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		compopt -o filenames 2>/dev/null
		return
	fi
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		-c | -n) ((i++)) ;;
		-*) ;;
		*)
			command=${COMP_WORDS[i]}
			break
			;;
		esac
	done
	if [[ $cur == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "-c -n -v --check --dry-run --file --json --timeline --help --version" -- "$cur")
	elif [[ -z $command ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$commands" -- "$cur")
	else
		case $command in
		providers)
			mapfile -t COMPREPLY < <(compgen -W "$(_nlddns_services)" -- "$cur")
			;;
		explain | history | once | update | retry)
			mapfile -t COMPREPLY < <(compgen -W "$(_nlddns_names)" -- "$cur")
			;;
		esac
	fi
}

complete -F _nlddns nlddns
