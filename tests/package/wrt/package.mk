# Builds PKG_BUILD_DIR in OUT and puts the files of the package in ROOT, as OpenWrt does.
PKG_INSTALL_DIR := $(OUT)/ipkg-install
MAKE_VARS = CFLAGS="-Os -pipe" LDFLAGS="-Wl,-O1"
MAKE_FLAGS = CC="cc" AR="gcc-ar" CROSS="" ARCH="x86_64" O=$(OUT)/objects

define BuildPackage
package:
	$(MAKE_VARS) $$(MAKE) -C $(PKG_BUILD_DIR) $$(MAKE_FLAGS)
	$(MAKE_VARS) $$(MAKE) -C $(PKG_BUILD_DIR) $$(MAKE_FLAGS) DESTDIR="$(PKG_INSTALL_DIR)" install
	$$(call Package/$(1)/install,$(ROOT))
endef
