# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=SC2030,SC2031,SC2034,SC2317
# Makes nlddns.conf of /etc/config/nlddns and, if that says so, of the services of ddns-scripts in
# /etc/config/ddns. Sections of different files may have the same name, and what was read of one stays
# in the variables of config_get: so each file is read in a shell of its own.

nlddns_warn() {
	logger -s -t nlddns -p daemon.warn "$*"
}

# An option of the section that is for the daemon itself.
nlddns_main() { # option, default
	(
		config_load nlddns
		value=$2
		main_option() {
			config_get value "$1" "$2" "$value"
		}
		config_foreach main_option nlddns "$1"
		echo "$value"
	)
}

nlddns_enabled() {
	[ "$(get_bool "$(nlddns_main enabled 1)" 1)" = 1 ]
}

nlddns_state_folder() {
	nlddns_main state_dir /var/lib/nlddns
}

# The link of a network, or @ and the network that it goes by; as netifd and its protocols name them.
learn_network() { # section of /etc/config/network
	local proto device type pppname

	config_get proto "$1" proto
	config_get device "$1" device
	[ -n "$device" ] || config_get device "$1" ifname
	config_get type "$1" type
	config_get pppname "$1" pppname
	case $proto in
	ppp | pppoe | pppoa | pptp | l2tp | 3g) device=${pppname:-$proto-$1} ;;
	6in4 | 6to4 | 6rd) device=$proto-$1 ;;
	wireguard) device=$1 ;;
	qmi | mbim | ncm | wwan | modemmanager) device='wwan*' ;;
	*)
		[ "$type" != bridge ] || device=br-$1
		device=${device%% *}
		;;
	esac
	[ -z "$device" ] || echo "$1 $device"
}

# The links of networks; what is no network is a link already. Each once.
links_of() { # names, one word
	local name next hops found=''

	set -f # globs are for nlddnsd
	for name in $1; do
		hops=0
		while [ "$hops" -lt 5 ]; do
			next=$(printf '%s\n' "$NETWORKS" | sed -n "s|^$name ||p" | head -n 1)
			case $next in
			'') break ;;
			@*) name=${next#@} hops=$((hops + 1)) ;;
			*) name=$next hops=5 ;;
			esac
		done
		case " $found " in
		*" $name "*) ;;
		*) found="${found:+$found }$name" ;;
		esac
	done
	set +f
	echo "$found"
}

# A key and its value; a value is one line.
print_key() { # key, value
	case $2 in
	*"
"*) nlddns_warn "the value of $1 has several lines and is left out" ;;
	?*) printf '%s = %s\n' "$1" "$2" ;;
	esac
}

# The options of a section of /etc/config/nlddns that is complete now.
end_section() {
	local title='' key value

	case $TYPE in
	nlddns | defaults) title=$TYPE ;;
	account | source) title="$TYPE $NAME" ;;
	record) title=$OPTION_name ;;
	esac
	[ -n "$TYPE" ] && [ -z "$title" ] && nlddns_warn "section $NAME of nlddns has no name, or is of no known type"
	if [ -n "$title" ] && { [ "$TYPE" = nlddns ] || [ "$(get_bool "$OPTION_enabled" 1)" = 1 ]; }; then
		printf '\n[%s]\n' "$title"
		for key in $OPTIONS; do
			eval "value=\$OPTION_$key"
			case $TYPE/$key in
			*/enabled | record/name | nlddns/ddns) continue ;;
			*/interface) value=$(links_of "$value") ;;
			esac
			print_key "$(echo "$key" | tr _ -)" "$value"
		done
	fi
	TYPE='' NAME='' OPTIONS='' OPTION_name='' OPTION_enabled=''
}

take_option() { # option, value
	case " $OPTIONS " in
	*" $1 "*) ;;
	*) OPTIONS="$OPTIONS $1" ;;
	esac
	eval "OPTION_$1=\$2"
}

print_own() {
	TYPE='' NAME='' OPTIONS='' OPTION_name='' OPTION_enabled=''
	config_cb() {
		end_section
		TYPE=${1-} NAME=${2-}
	}
	option_cb() {
		take_option "$1" "$2"
	}
	list_cb() {
		local before=''

		case " $OPTIONS " in
		*" $1 "*) eval "before=\$OPTION_$1" ;;
		esac
		take_option "$1" "${before:+$before }$2"
	}
	config_load nlddns
	end_section
}

# What nlddns calls a service, and its settings, a line each: name, then "required", "secret".
find_provider() { # name in ddns-scripts; sets PROVIDER, SETTINGS
	PROVIDER=$(nlddns providers "$1" 2>&1) || return 1
	SETTINGS=$(echo "$PROVIDER" | sed -n '/^Settings:/,/^$/s/^  \([a-z0-9-]*\)\( (\([a-z, ]*\))\)\{0,1\}:.*/\1 \3/p')
	PROVIDER=${PROVIDER%%:*}
}

has_setting() { # name
	echo "$SETTINGS" | grep -q "^$1 "
}

# Where the user goes: its name, or the first half of a pair of keys.
user_setting() {
	local name

	for name in username email; do
		has_setting "$name" && echo "$name" && return
	done
	echo "$SETTINGS" | grep ' required' | grep -vE '^(zone|url) ' |
		sed -n '1{s/ .*//;h;};2{/ required, secret/{$!d;x;p;};}'
}

# Where the password goes: the required secret, else the first.
secret_setting() { # where the user goes
	{
		echo "$SETTINGS" | grep ' required, secret'
		echo "$SETTINGS" | grep ' .*secret'
	} | grep -v "^$1 " | sed -n '1s/ .*//p'
}

# What a service must have, and BODY has not.
missing_setting() {
	echo "$SETTINGS" | sed -n 's/ required.*//p' | while read -r name; do
		echo "$BODY" | grep -q "^$name = " || echo "$name"
	done | head -n 1
}

# The URL of a service of one's own, if it speaks the protocol of dyndns2: its part before the ?.
dyndns2_url() { # update_url
	local rest

	case $1 in
	http*://*hostname=\[DOMAIN\]*myip=\[IP\]*) ;;
	*) return 1 ;;
	esac
	rest=${1#*://}
	rest=${rest#*@}
	echo "https://${rest%%\?*}"
}

# The lines of a record for a service; sets HOST, BODY. Fails where nlddns cannot do the same.
describe_service() { # section
	local service url user password secret option zone='' said who

	config_get service "$1" service_name
	config_get url "$1" update_url
	config_get user "$1" username
	config_get password "$1" password
	config_get option "$1" param_opt
	config_get HOST "$1" domain
	config_get said "$1" lookup_host
	case $HOST in
	@*.*) HOST=${HOST#@} zone=$HOST ;;
	*@*.*) zone=${HOST#*@} HOST=${HOST%%@*}.$zone ;;
	*.*) ;;
	*) HOST=$said ;; # a label alone, of a zone that the service knows
	esac
	[ -n "$HOST" ] || {
		nlddns_warn "service $1 of ddns has no domain and is left out"
		return 1
	}

	if [ -z "$service" ]; then
		url=$(dyndns2_url "$url") || {
			nlddns_warn "service $1 of ddns: write its update_url or update_script as a record of nlddns, provider template"
			return 1
		}
		PROVIDER=dyndns2
		SETTINGS="username required
password required, secret"
	else
		find_provider "$service" || {
			nlddns_warn "service $1 of ddns, $service: $(echo "$PROVIDER" | tr '\n' ' ')"
			return 1
		}
		url=
	fi

	who=$(user_setting)
	secret=$(secret_setting "$who")
	case $PROVIDER in
	cloudflare)
		[ "$user" = Bearer ] || {
			nlddns_warn "service $1 of ddns has the global key of Cloudflare; make an API token: username Bearer, and the token as password"
			return 1
		}
		user=
		;;
	rfc2136)
		case $user in
		*:*) password=$user:$password ;;
		*) password=hmac-sha256:$user:$password ;;
		esac
		user=
		;;
	powerdns) url=$option ;;
	esac
	# These take a zone as the domain, and the name in it as user.
	if [ -n "$user" ] && [ -z "$who" ] && has_setting zone; then
		zone=$HOST
		[ "$user" = @ ] || HOST=$user.$HOST
		user=
	fi
	BODY=$(
		print_key provider "$PROVIDER"
		print_key url "$url"
		[ -z "$who" ] || print_key "$who" "$user"
		[ -z "$secret" ] || print_key "$secret" "$password"
		[ -z "$zone" ] || ! has_setting zone || print_key zone "$zone"
		[ "$PROVIDER" != rfc2136 ] || print_key server "$(config_get "$1" dns_server)"
		force_interval "$1"
	)
	said=$(missing_setting)
	[ -z "$said" ] || {
		nlddns_warn "service $1 of ddns: $PROVIDER needs $said, too: write it as a record of nlddns"
		return 1
	}
}

# How often an address is sent again although it is the same.
force_interval() { # section
	local number unit

	config_get number "$1" force_interval
	config_get unit "$1" force_unit hours
	case $number/$unit in
	*[!0-9]*/* | /* | 0/*) ;;
	*/days) print_key refresh "${number}d" ;;
	*/minutes) print_key refresh "${number}m" ;;
	*) print_key refresh "${number}h" ;;
	esac
}

# Where the address of a service comes from.
service_links() { # section, its network if it names none
	local from value

	config_get from "$1" ip_source network
	case $from in
	network) config_get value "$1" ip_network "$2" ;;
	interface) config_get value "$1" ip_interface ;;
	*)
		config_get value "$1" interface "$2"
		nlddns_warn "service $1 of ddns asks a $from for its address; nlddns takes that of $value"
		;;
	esac
	links_of "$value"
}

# Two services for the two families of a name are one record.
add_service() { # section
	local enabled six family=ipv4 links i=0

	config_get_bool enabled "$1" enabled 0
	config_get_bool six "$1" use_ipv6 0
	[ "$enabled" = 1 ] || return 0
	describe_service "$1" || return 0
	if [ "$six" = 1 ]; then
		family=ipv6
		links=$(service_links "$1" wan6)
	else
		links=$(service_links "$1" wan)
	fi
	while [ "$i" -lt "$COUNT" ]; do
		if [ "$(eval "echo \"\$HOST_$i\"")" = "$HOST" ]; then
			if [ "$(eval "echo \"\$BODY_$i\"")" = "$BODY" ]; then
				eval "links=\"\$LINKS_$i \$links\""
				[ "$(eval "echo \"\$FAMILY_$i\"")" = "$family" ] || eval "FAMILY_$i=both"
				eval "LINKS_$i=\$(links_of \"\$links\")"
			else
				nlddns_warn "service $1 of ddns is left out: $HOST has another already, with other settings"
			fi
			return 0
		fi
		i=$((i + 1))
	done
	eval "HOST_$i=\$HOST BODY_$i=\$BODY FAMILY_$i=\$family LINKS_$i=\$links"
	COUNT=$((COUNT + 1))
}

print_services() {
	local i=0 private=0

	COUNT=0
	config_load ddns
	config_get_bool private global upd_privateip 0
	config_foreach add_service service
	while [ "$i" -lt "$COUNT" ]; do
		eval "printf '\\n[%s]\\n%s\\n' \"\$HOST_$i\" \"\$BODY_$i\""
		eval "print_key interface \"\$LINKS_$i\"; print_key family \"\$FAMILY_$i\""
		[ "$private" = 0 ] || echo "allow = private cgnat ula"
		i=$((i + 1))
	done
}

# nlddns.conf, on standard output.
nlddns_translate() {
	NETWORKS=$(
		config_load network
		config_foreach learn_network interface
	)
	echo "# Made of /etc/config/nlddns; a change here is lost."
	(print_own)
	[ "$(get_bool "$(nlddns_main ddns 0)" 0)" = 1 ] || return 0
	if /etc/init.d/ddns enabled 2>/dev/null; then
		nlddns_warn "ddns-scripts keep the services of /etc/config/ddns; /etc/init.d/ddns disable leaves them to nlddns"
		return 0
	fi
	(print_services)
}
