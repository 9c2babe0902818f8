# What packaging/openwrt/Makefile takes from OpenWrt's build system, in a few lines.
INCLUDE_DIR := $(TOPDIR)
INSTALL_DIR := install -d -m 755
INSTALL_BIN := install -m 755
INSTALL_DATA := install -m 644
INSTALL_CONF := install -m 600
