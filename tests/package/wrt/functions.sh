# shellcheck shell=dash disable=SC1090,SC2034
# /lib/functions.sh as far as packaging/openwrt takes it: sections become variables, which those of
# another file with the same names overwrite but do not remove, and callbacks are called.
reset_cb() {
	config_cb() { return 0; }
	option_cb() { return 0; }
	list_cb() { return 0; }
}
reset_cb

config_set() {
	eval "CONFIG_$1_$2=\$3"
}

config_get() {
	case $3 in
	'') eval "echo \"\${CONFIG_$1_$2:-\$4}\"" ;;
	*) eval "$1=\${CONFIG_$2_$3:-\$4}" ;;
	esac
}

get_bool() {
	case $1 in
	1 | on | true | yes | enabled) echo -n 1 ;;
	0 | off | false | no | disabled) echo -n 0 ;;
	*) echo -n "$2" ;;
	esac
}

config_get_bool() {
	local _tmp

	config_get _tmp "$2" "$3" "$4"
	_tmp=$(get_bool "$_tmp" "$4")
	eval "$1=\$_tmp"
}

config() {
	NUMBER=$((NUMBER + 1))
	CONFIG_SECTION=${2:-cfg$NUMBER}
	CONFIG_SECTIONS="$CONFIG_SECTIONS $CONFIG_SECTION"
	config_set "$CONFIG_SECTION" TYPE "$1"
	config_cb "$1" "$CONFIG_SECTION"
}

option() {
	config_set "$CONFIG_SECTION" "$1" "$2"
	option_cb "$1" "$2"
}

list() {
	local len

	config_get len "$CONFIG_SECTION" "$1_LENGTH" 0
	config_set "$CONFIG_SECTION" "$1_LENGTH" $((len + 1))
	config_set "$CONFIG_SECTION" "$1_ITEM$((len + 1))" "$2"
	eval "CONFIG_${CONFIG_SECTION}_$1=\"\${CONFIG_${CONFIG_SECTION}_$1:+\${CONFIG_${CONFIG_SECTION}_$1} }\$2\""
	list_cb "$1" "$2"
}

# A file of UCI is a script of these three commands, quotes included.
config_load() {
	CONFIG_SECTIONS='' CONFIG_SECTION='' NUMBER=0
	[ -r "/etc/config/$1" ] || return 1
	. "/etc/config/$1"
	[ -z "$CONFIG_SECTION" ] || config_cb
}

config_foreach() {
	local function=$1 type=$2 section found

	shift 2
	for section in $CONFIG_SECTIONS; do
		config_get found "$section" TYPE
		[ "$found" != "$type" ] || $function "$section" "$@"
	done
}
