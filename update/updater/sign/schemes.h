/* SPDX-License-Identifier: MIT */
/* The schemes, each in the file of its name. Each adds to the request what its API wants; what was
 * wrong is in why, or kept by a buffer that failed. Their words are those of providers/sign.c. */
#ifndef UPDATE_UPDATER_SIGN_SCHEMES_H
#define UPDATE_UPDATER_SIGN_SCHEMES_H

#include "update/updater/sign/signing.h"

/* Add headers. */
void active24_sign(struct signing *signing);
void aurora_sign(struct signing *signing);
void baidu_sign(struct signing *signing);
void constellix_sign(struct signing *signing);
void dnsmadeeasy_sign(struct signing *signing);
void exoscale_sign(struct signing *signing);
void huawei_sign(struct signing *signing);
void nfsn_sign(struct signing *signing);
void nifcloud_sign(struct signing *signing);
void oracle_sign(struct signing *signing);
void ovh_sign(struct signing *signing);
void tencent_sign(struct signing *signing);
void v4_sign_aws(struct signing *signing);
void v4_sign_volcengine(struct signing *signing);
void xinnet_sign(struct signing *signing);

/* Add to the query. */
void aliyun_sign(struct signing *signing);
void aliyun_sign_nowcn(struct signing *signing);

/* Add to the body; the last two write it. */
void form_sign_51dns(struct signing *signing);
void form_sign_gname(struct signing *signing);
void wedos_sign(struct signing *signing);
void google_sign(struct signing *signing);
void transip_sign(struct signing *signing);

#endif
