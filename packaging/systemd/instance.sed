# Makes nlddns@.service of nlddns.service: an instance NAME has /etc/nlddns/NAME/nlddns.conf, where
# state-dir is /var/lib/nlddns-NAME and control is /run/nlddns-NAME/control.
s|^Description=.*|& (%i)|
s|/usr/sbin/nlddnsd|& -c /etc/nlddns/%i/nlddns.conf|
s|/usr/bin/nlddns |&-c /etc/nlddns/%i/nlddns.conf |
s/^\(State\|Runtime\)Directory=nlddns$/&-%i/
