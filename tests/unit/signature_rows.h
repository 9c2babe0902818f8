/* SPDX-License-Identifier: MIT */
/* Requests and what they are when they are signed. What APIs and other clients publish is marked;
 * all were computed once more, by Python's hashlib and openssl(1). */
#ifndef TESTS_SIGNATURE_ROWS_H
#define TESTS_SIGNATURE_ROWS_H

#include "providers/sign.h"

#define AK "AKEXAMPLE"
#define SK "SKEXAMPLE"

/* Made for this test; it opens nothing. */
#define PEM                                                                  \
	"-----BEGIN PRIVATE KEY-----\n"                                      \
	"MIICdQIBADANBgkqhkiG9w0BAQEFAASCAl8wggJbAgEAAoGBAMIiBiKQRiWDluhc\n" \
	"okneAoNiHW2SOm1McAI+PPDywupbQihlc4MnrDZqVhIhfbwTF04lAN5VReYO7RyY\n" \
	"dGp2wtOMOqQ4mG3elIwycjcl1cXE4hu7NkjAteQ/TfHSsZVuXk6jxXbZWPAHDbY2\n" \
	"kT9/wbFaDZIqPnHC0n2frYTxAs8dAgMBAAECgYBWEb+mk1CGUVEWs/s/xK5Ykad6\n" \
	"bNp6mukOFYnvSbIhNVSflFsiSvSPK5X9c9vLBqvOeZlo+WWEGhoGE5GJoh295hdP\n" \
	"KTgDt5E+co08AfDXHEL/hFtj50Bnhg/wNTTp1+DZmO06Ra2z8d+7cNfCIGy9caxp\n" \
	"ZZL6vyhFUqVA8ImaAQJBAPhzyTWph/rfhCkXvjan6+xuwqY+QnDq9FhPYpp3qlRn\n" \
	"gloT/E4wD5bUl5pEkY9RSMInsU94qjg3WhRlXYoq42MCQQDIB8vIOg/C0VAt5wgG\n" \
	"d3+CguRLbYUpIRR/UPiehlT/Xh2Kep0OMNPBP3yhxOZlUAEizoVZHOVEYHTJfz3D\n" \
	"ykt/AkBaMD3EGwxfhy/Ecvf7gy1jIDnMeyFHOCMGw5p5lCLijMiGxmZ6Q3wFNprp\n" \
	"xyZHriwJPrtgq96ulXk/miRAeZ0dAkBNQCWFOFcp5+hNMfI5fSDzaFV+g9dvYOUn\n" \
	"nj/GCR7+WHyUJHJPLrA466nYV9Caw+EMbjG1jqFEXPP9dXSHDrNFAkAbUgJ9STZY\n" \
	"iZhCwidtdMY8BHhDZhM7DQGOd0CDqtYO2JHS4cck1ItvNF1Akg0G9Fd3BrHYC1I3\n" \
	"YteV0CEcJbbE\n"                                                     \
	"-----END PRIVATE KEY-----\n"
#define KEY_FILE                                                              \
	"{\"type\":\"service_account\",\"private_key\":\""                    \
	"-----BEGIN PRIVATE KEY-----\\n"                                      \
	"MIICdQIBADANBgkqhkiG9w0BAQEFAASCAl8wggJbAgEAAoGBAMIiBiKQRiWDluhc\\n" \
	"okneAoNiHW2SOm1McAI+PPDywupbQihlc4MnrDZqVhIhfbwTF04lAN5VReYO7RyY\\n" \
	"dGp2wtOMOqQ4mG3elIwycjcl1cXE4hu7NkjAteQ/TfHSsZVuXk6jxXbZWPAHDbY2\\n" \
	"kT9/wbFaDZIqPnHC0n2frYTxAs8dAgMBAAECgYBWEb+mk1CGUVEWs/s/xK5Ykad6\\n" \
	"bNp6mukOFYnvSbIhNVSflFsiSvSPK5X9c9vLBqvOeZlo+WWEGhoGE5GJoh295hdP\\n" \
	"KTgDt5E+co08AfDXHEL/hFtj50Bnhg/wNTTp1+DZmO06Ra2z8d+7cNfCIGy9caxp\\n" \
	"ZZL6vyhFUqVA8ImaAQJBAPhzyTWph/rfhCkXvjan6+xuwqY+QnDq9FhPYpp3qlRn\\n" \
	"gloT/E4wD5bUl5pEkY9RSMInsU94qjg3WhRlXYoq42MCQQDIB8vIOg/C0VAt5wgG\\n" \
	"d3+CguRLbYUpIRR/UPiehlT/Xh2Kep0OMNPBP3yhxOZlUAEizoVZHOVEYHTJfz3D\\n" \
	"ykt/AkBaMD3EGwxfhy/Ecvf7gy1jIDnMeyFHOCMGw5p5lCLijMiGxmZ6Q3wFNprp\\n" \
	"xyZHriwJPrtgq96ulXk/miRAeZ0dAkBNQCWFOFcp5+hNMfI5fSDzaFV+g9dvYOUn\\n" \
	"nj/GCR7+WHyUJHJPLrA466nYV9Caw+EMbjG1jqFEXPP9dXSHDrNFAkAbUgJ9STZY\\n" \
	"iZhCwidtdMY8BHhDZhM7DQGOd0CDqtYO2JHS4cck1ItvNF1Akg0G9Fd3BrHYC1I3\\n" \
	"YteV0CEcJbbE\\n"                                                     \
	"-----END PRIVATE KEY-----\\n"                                        \
	"\",\"client_email\":\"me@p.iam.example\"}"
#define EC_PEM                                                               \
	"-----BEGIN PRIVATE KEY-----\n"                                      \
	"MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgoewNzmbsZJVpU2jx\n" \
	"cLCmUC9mJOTf14mG4V4PEQ92D/WhRANCAAQJkmnLaa9GwwU49eQGe367PMRq5m8w\n" \
	"UR8PmEdyutrncKr9NNlgDGIlOzxbkn2UGA/ML1e7yplwjbeOgSN89LBw\n"         \
	"-----END PRIVATE KEY-----\n"
#define JWT_BODY                                                                      \
	"grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=" \
	"eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJtZUBwLmlhbS5leGFtcGxlI"      \
	"iwic2NvcGUiOiJodHRwczovL3d3dy5nb29nbGVhcGlzLmNvbS9hdXRoL25kZXYuY2xvdWR"      \
	"kbnMucmVhZHdyaXRlIiwiYXVkIjoiaHR0cHM6Ly9vYXV0aDIuZ29vZ2xlYXBpcy5jb20vd"      \
	"G9rZW4iLCJpYXQiOjE3NjczMjMwNDUsImV4cCI6MTc2NzMyMzY0NX0.wTGkSbn8nKhamM-"      \
	"4epTqnHNzCWVbTjv735RfQgI17SnHglpdYLBhueYQYMaIYjoZXn-gWpsD-XAFOrumyTql6"      \
	"FERgnSVEHiOkyXRKB_084_dwDLlpqs43gG9Rx8Nm0aDQA11FnuMl7O6Ew-zD4vwqhwTKmV"      \
	"NkQbq3whk_1fAq9I"

#define AWS_ID     "AKIDEXAMPLE"
#define AWS_SECRET "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
#define AWS_DAY    INT64_C(1440938160000)

#define NOON INT64_C(1767323045000) /* 2026-01-02T03:04:05Z */

struct given {
	enum http_scheme scheme;
	const char *words[SIGN_WORDS_MAX];
	const char *method, *url, *headers, *body;
	const char *nonce;
	int64_t now_ms; /* 0: NOON */
};

/* Where a text must be in the signed request. */
struct expected {
	const char *url, *body; /* the whole; NULL: as it was */
	const char *headers[6]; /* whole lines */
};

static const struct vector {
	struct given given;
	struct expected expected;
} vectors[] = {
	/* another client's test: 2025-06-28T01:02:03Z */
	{{.scheme = HTTP_SCHEME_ACTIVE24,
	  {"user", "secret"},
	  "GET",
	  "https://rest.active24.cz/v1/user/self/service",
	  .now_ms = INT64_C(1751072523004)},
	 {.headers = {"Date: 2025-06-28T01:02:03Z",
		      "Authorization: Basic "
		      "dXNlcjo3NDNlMjI1NzQyMWIyNjBlZDU2MWYzZTdhZjRiMDM1NDE0NjM2Mzkz"}}},
	{{.scheme = HTTP_SCHEME_ALIYUN,
	  {AK, SK},
	  "GET",
	  "https://alidns.aliyuncs.com/?Action=DescribeSubDomainRecords&Format=JSON"
	  "&Version=2015-01-09&DomainName=example.com&SubDomain=*.example.com&Type=AAAA",
	  .nonce = "1"},
	 {.url = "https://alidns.aliyuncs.com/"
		 "?AccessKeyId=AKEXAMPLE&Action=DescribeSubDomainRecords"
		 "&DomainName=example.com&Format=JSON&SignatureMethod=HMAC-SHA1&SignatureNonce=1"
		 "&SignatureVersion=1.0&SubDomain=%2A.example.com&Timestamp=2026-01-02T03%3A04%"
		 "3A05Z"
		 "&Type=AAAA&Version=2015-01-09&Signature=7mW%2FjNYir%2FHpdF1y8xqYsgim%2BzA%3D"}},
	{{.scheme = HTTP_SCHEME_AURORA, {"KEY", "SECRET"}, "GET", "https://api.auroradns.eu/zones"},
	 {.headers = {"X-AuroraDNS-Date: 20260102T030405Z",
		      "Authorization: AuroraDNSv1 "
		      "S0VZOlM4aE1TbG9XVXBRWVBqSTVTTEZiTEVkclhxN0xueVFUSUhlb1BEUUp6bzg9"}}},
	/* AWS's own test suite: get-vanilla, get-vanilla-query-order-key-case, post-vanilla,
	 * post-sts-header-before; 2015-08-30T12:36:00Z */
	{{.scheme = HTTP_SCHEME_AWS,
	  {AWS_ID, AWS_SECRET, "", "us-east-1", "service"},
	  "GET",
	  "https://example.amazonaws.com",
	  .now_ms = AWS_DAY},
	 {.headers = {"X-Amz-Date: 20150830T123600Z",
		      "Authorization: AWS4-HMAC-SHA256 "
		      "Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
		      "SignedHeaders=host;x-amz-date, Signature="
		      "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"}}},
	{{.scheme = HTTP_SCHEME_AWS,
	  {AWS_ID, AWS_SECRET, "", "us-east-1", "service"},
	  "GET",
	  "https://example.amazonaws.com/?Param2=value2&Param1=value1",
	  .now_ms = AWS_DAY},
	 {.headers = {"Authorization: AWS4-HMAC-SHA256 "
		      "Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
		      "SignedHeaders=host;x-amz-date, Signature="
		      "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"}}},
	{{.scheme = HTTP_SCHEME_AWS,
	  {AWS_ID, AWS_SECRET, "", "us-east-1", "service"},
	  "POST",
	  "https://example.amazonaws.com/",
	  .now_ms = AWS_DAY},
	 {.headers = {"Authorization: AWS4-HMAC-SHA256 "
		      "Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
		      "SignedHeaders=host;x-amz-date, Signature="
		      "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"}}},
	{{.scheme = HTTP_SCHEME_AWS,
	  {AWS_ID, AWS_SECRET, "tok"},
	  "POST",
	  "https://route53.amazonaws.com/2013-04-01/hostedzone/Z1/rrset",
	  "Content-Type: application/xml\n",
	  "<x/>"},
	 {.headers = {"Authorization: AWS4-HMAC-SHA256 "
		      "Credential=AKIDEXAMPLE/20260102/us-east-1/route53/aws4_request, "
		      "SignedHeaders=content-type;host;x-amz-date;x-amz-security-token, Signature="
		      "72b6edeeebe95c82a9873ac74cf4f31e58424e1e56b3a5aecb18f6cc9ace7f39"}}},
	{{.scheme = HTTP_SCHEME_AWS,
	  {AWS_ID, AWS_SECRET, "", ""},
	  "GET",
	  "https://route53.amazonaws.com/2013-04-01/hostedzone/a%2Fb/rrset"
	  "?type=A&name=%5c052.example.org&maxitems=1"},
	 {.headers = {"Authorization: AWS4-HMAC-SHA256 "
		      "Credential=AKIDEXAMPLE/20260102/us-east-1/route53/aws4_request, "
		      "SignedHeaders=host;x-amz-date, Signature="
		      "180e1e7305080bfaf3ea1ade0065f8c78f76dd6273d4fac127abcec84cc4accc"}}},
	{{.scheme = HTTP_SCHEME_BAIDU,
	  {AK, SK},
	  "POST",
	  "https://bcd.baidubce.com/v1/domain/resolve/list",
	  .body = "{}"},
	 {.headers = {"Authorization: bce-auth-v1/AKEXAMPLE/2026-01-02T03:04:05Z/1800/host/"
		      "f32addfb839a9c000907d4dbf8fd9da069c0ae3307394d18ed5a1a92d21073c2"}}},
	{{.scheme = HTTP_SCHEME_CONSTELLIX,
	  {"KEY", "SECRET"},
	  "GET",
	  "https://api.dns.constellix.com/v1/domains"},
	 {.headers = {"x-cns-security-token: KEY:UJg8ZByG0x0QV82Y4srsBJnjCJc=:1767323045000"}}},
	{{.scheme = HTTP_SCHEME_DNSMADEEASY,
	  {"KEY", "SECRET"},
	  "GET",
	  "https://api.dnsmadeeasy.com/V2.0/dns"},
	 {.headers = {"x-dnsme-apiKey: KEY", "x-dnsme-requestDate: Fri, 02 Jan 2026 03:04:05 GMT",
		      "x-dnsme-hmac: 0ae048af6c638a9b29c785fdcfcd5227f8baf3de"}}},
	{{.scheme = HTTP_SCHEME_51DNS,
	  {"KEY", "SECRET"},
	  "POST",
	  "https://www.51dns.com/api/record/list/",
	  .body = "domainID=example.com"},
	 {.body = "apiKey=KEY&domainID=example.com&timestamp=1767323045"
		  "&hash=d2f81ee36a7cf68d5764cf08f651db43",
	  .headers = {"Content-Type: application/x-www-form-urlencoded"}}},
	/* egoscale's own test, which expires at 2077-01-01T00:00:00Z */
	{{.scheme = HTTP_SCHEME_EXOSCALE,
	  {"EXOxxxxxxxxxxxxxxxxxxxxxxxx", "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX"},
	  "GET",
	  "https://api.exoscale.com/v2/zone",
	  .now_ms = INT64_C(3376684200000)},
	 {.headers = {"Authorization: EXO2-HMAC-SHA256 "
		      "credential=EXOxxxxxxxxxxxxxxxxxxxxxxxx,expires=3376684800,"
		      "signature=Ntbq/p0HVmA3Zg1HHY+Lq1vjFGi7HeMrrgXDS5jRNlY="}}},
	{{.scheme = HTTP_SCHEME_EXOSCALE,
	  {"KEY", "SECRET"},
	  "PUT",
	  "https://api-ch-gva-2.exoscale.com/v2/dns-domain/d/record/r",
	  .body = "{\"content\":\"192.0.2.1\"}"},
	 {.headers = {"Authorization: EXO2-HMAC-SHA256 credential=KEY,expires=1767323645,"
		      "signature=DaDwxVbCEaQXZejxPriJRQZlRNH58SKcvJfiT1vTOq0="}}},
	{{.scheme = HTTP_SCHEME_GNAME,
	  {"ID", "KEY"},
	  "POST",
	  "https://api.gname.com/api/resolution/add",
	  .body = "ym=example.com&hostname=www"},
	 {.body = "appid=ID&gntime=1767323045&hostname=www&ym=example.com"
		  "&gntoken=04619105EC7B11F04A427ED661234A47"}},
	{{.scheme = HTTP_SCHEME_GOOGLE,
	  {PEM, "me@p.iam.example"},
	  "POST",
	  "https://oauth2.googleapis.com/token"},
	 {.body = JWT_BODY, .headers = {"Content-Type: application/x-www-form-urlencoded"}}},
	{{.scheme = HTTP_SCHEME_GOOGLE,
	  {KEY_FILE, ""},
	  "POST",
	  "https://oauth2.googleapis.com/token"},
	 {.body = JWT_BODY}},
	/* another client */
	{{.scheme = HTTP_SCHEME_HUAWEI,
	  {AK, SK},
	  "GET",
	  "https://dns.myhuaweicloud.com/v2/zones?name=example.com.&search_mode=equal&limit=500"},
	 {.headers = {"X-Sdk-Date: 20260102T030405Z", "Content-Type: application/json",
		      "Authorization: SDK-HMAC-SHA256 Access=AKEXAMPLE, "
		      "SignedHeaders=content-type;host;x-sdk-date, Signature="
		      "09178fb79a678c88529268e9d66e8ec2342e6d6a5f0297d552d72389502794ab"}}},
	{{.scheme = HTTP_SCHEME_HUAWEI,
	  {AK, SK},
	  "POST",
	  "https://dns.myhuaweicloud.com/v2.1/zones/z/recordsets",
	  "Content-Type: application/json\n",
	  "{\"name\":\"a.example.com.\"}"},
	 {.headers = {"Authorization: SDK-HMAC-SHA256 Access=AKEXAMPLE, "
		      "SignedHeaders=content-type;host;x-sdk-date, Signature="
		      "002c12adb66993c88a7193a4d2d6ea93ed0910ea1ceefef0d43be385582619bc"}}},
	{{.scheme = HTTP_SCHEME_NFSN,
	  {"LOGIN", "KEY"},
	  "POST",
	  "https://api.nearlyfreespeech.net/dns/example.com/listRRs",
	  .body = "name=www&type=A",
	  .nonce = "abcdefghij123456and more"},
	 {.headers = {"X-NFSN-Authentication: LOGIN;1767323045;abcdefghij123456;"
		      "bcabe4d55d49347cbbee7e3a7fc51bd30f76b2c7"}}},
	{{.scheme = HTTP_SCHEME_NIFCLOUD,
	  {AK, SK},
	  "GET",
	  "https://dns.api.nifcloud.com/2012-12-12N2013-12-16/"},
	 {.headers = {"Date: Fri, 02 Jan 2026 03:04:05 GMT",
		      "X-Nifty-Authorization: NIFTY3-HTTPS "
		      "NiftyAccessKeyId=AKEXAMPLE,Algorithm=HmacSHA1,"
		      "Signature=sH3GfjRTPiyWbsmA1JugQnfVPkQ="}}},
	{{.scheme = HTTP_SCHEME_NOWCN,
	  {AK, SK},
	  "GET",
	  "https://api.now.cn/api/Dns/DescribeRecordIndex?Domain=example.com&Host=a%20b",
	  .nonce = "1"},
	 {.url = "https://api.now.cn/api/Dns/DescribeRecordIndex?AccessInstanceID=AKEXAMPLE"
		 "&Domain=example.com&Host=a%20b&SignatureMethod=HMAC-SHA1&SignatureNonce=1"
		 "&SignatureVersion=1.0&Timestamp=2026-01-02T03%3A04%3A05Z"
		 "&Signature=u99wFe374goCKGipaYPzcujSLSU%3D"}},
	{{.scheme = HTTP_SCHEME_ORACLE,
	  {"t/u/f", PEM},
	  "GET",
	  "https://dns.eu-frankfurt-1.oraclecloud.com/20180115/zones?compartmentId=c"},
	 {.headers = {"Date: Fri, 02 Jan 2026 03:04:05 GMT",
		      "Authorization: Signature "
		      "version=\"1\",keyId=\"t/u/f\",algorithm=\"rsa-sha256\","
		      "headers=\"date (request-target) host\",signature=\""
		      "d0+5fo8XgzZbdHohQevlxUMMuNgfvBrGn4FqdSUD+/dEQexVKPOoJaDYo8/EmyTKUN30BG"
		      "8fgZySkr1FjWSep5u+nZdh08hcXQFSXaPu3XIVrNtO+AM7XO7MFJ7gVRO8yB1bz/KBWCsv"
		      "kALzBBXau1sPy5YXQRBlEGIxzZfogH4="
		      "\""}}},
	{{.scheme = HTTP_SCHEME_ORACLE,
	  {"t/u/f", PEM},
	  "PUT",
	  "https://dns.eu-frankfurt-1.oraclecloud.com/20180115/zones/z/records/a/A",
	  .body = "{\"items\":[]}"},
	 {.headers = {"x-content-sha256: 7vRnQa38Op92KU07ePN6RfETCSrJ1E7nfHoDioj/CaE=",
		      "Content-Type: application/json",
		      "Authorization: Signature "
		      "version=\"1\",keyId=\"t/u/f\",algorithm=\"rsa-sha256\","
		      "headers=\"date (request-target) host x-content-sha256 content-type "
		      "content-length\","
		      "signature=\""
		      "DPWpW7mWXPk9uwRjQS77Rc0MVvAoYMy5y1h9kZONEfUMRX87GYQ0KkQjmR7WNhPn6hVV4Z"
		      "WGqkuPzo+wmTgk+AWetPPVDRuGO/Sz8teEkB4z+vg0nGiDe0WLUGOIEeMjb1/WLS4a/fSz"
		      "g/1XJKu4jSDvjmKnpIFUOcr9u7jJydc="
		      "\""}}},
	{{.scheme = HTTP_SCHEME_OVH,
	  {"AK", "AS", "CK"},
	  "PUT",
	  "https://eu.api.ovh.com/1.0/domain/zone/example.com/record/1",
	  .body = "{\"target\":\"192.0.2.1\"}"},
	 {.headers = {"X-Ovh-Application: AK", "X-Ovh-Consumer: CK", "X-Ovh-Timestamp: 1767323045",
		      "X-Ovh-Signature: $1$082319a4a789c6012f8d0521c0d6c60de1acd88b"}}},
	/* at the server's time */
	{{.scheme = HTTP_SCHEME_OVH,
	  {"AK", "AS", "CK", "1767323000"},
	  "GET",
	  "https://eu.api.ovh.com/1.0/me?a=b"},
	 {.headers = {"X-Ovh-Timestamp: 1767323000",
		      "X-Ovh-Signature: $1$83ac1193dd3288231fcf4254afbd1516b2c3dadc"}}},
	/* another client */
	{{.scheme = HTTP_SCHEME_TENCENT,
	  {AK, SK},
	  "POST",
	  "https://dnspod.tencentcloudapi.com/",
	  .body = "{\"Domain\": \"example.com\"}"},
	 {.headers = {"X-TC-Timestamp: 1767323045", "Content-Type: application/json",
		      "Authorization: TC3-HMAC-SHA256 "
		      "Credential=AKEXAMPLE/2026-01-02/dnspod/tc3_request, "
		      "SignedHeaders=content-type;host, Signature="
		      "7512a1e910222001958b07722f5e0300c48a3633680f42c00495d72c269606e8"}}},
	{{.scheme = HTTP_SCHEME_TENCENT,
	  {AK, SK},
	  "POST",
	  "https://teo.intl.tencentcloudapi.com/",
	  "Content-Type: application/json\nX-TC-Action: DescribeZones\n",
	  "{\"Domain\":\"example.com\"}"},
	 {.headers = {"Authorization: TC3-HMAC-SHA256 "
		      "Credential=AKEXAMPLE/2026-01-02/teo/tc3_request, "
		      "SignedHeaders=content-type;host;x-tc-action, Signature="
		      "b78e43ac502060ec682b5a698e2610d3381c815fdae3d4d29e4f00fdd70aa616"}}},
	{{.scheme = HTTP_SCHEME_TRANSIP,
	  {"me", PEM},
	  "POST",
	  "https://api.transip.nl/v6/auth",
	  .nonce = "0123456789abcdef0123456789abcdef"},
	 {.body = "{\"login\":\"me\",\"nonce\":\"0123456789abcdef0123456789abcdef\",\"rea"
		  "d_only\":false,\"expiration_time\":\"30 minutes\",\"label\":\"nlddns 0"
		  "123456789abcdef0123456789abcdef\",\"global_key\":true}",
	  .headers = {"Content-Type: application/json",
		      "Signature: "
		      "Mip0Pyno9rCRQ7Fs1szJZ41mCT9naFHZ2mb2NSlhQh9tMhVQ4V1zNPlhFqi6Cn6FhA6GkA"
		      "5EHUD/AkKGtWAX1iz4pC2WhWe9nuL2qYujH8GUsSrISc3s82DdyqDl37C+1sR7nmh3yeFX"
		      "JyZvCKEd3kKQwFoeCxAi+uv0B3BR8Js="}}},
	{{.scheme = HTTP_SCHEME_VOLCENGINE,
	  {AK, SK},
	  "GET",
	  "https://open.volcengineapi.com/?Action=ListZones&Version=2018-08-01&Key=example.com"},
	 {.headers = {"X-Date: 20260102T030405Z", "Content-Type: application/json",
		      "X-Content-Sha256: "
		      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		      "Authorization: HMAC-SHA256 "
		      "Credential=AKEXAMPLE/20260102/cn-north-1/DNS/request, "
		      "SignedHeaders=content-type;host;x-content-sha256;x-date, Signature="
		      "96f319b9c805bdf63a43fef2908d951d2566cb3a05d7306f5a95cc761853904c"}}},
	{{.scheme = HTTP_SCHEME_VOLCENGINE,
	  {AK, SK},
	  "POST",
	  "https://open.volcengineapi.com/?Action=CreateRecord&Version=2018-08-01",
	  .body = "{\"Host\":\"@\"}"},
	 {.headers = {"X-Content-Sha256: "
		      "585ed421f197c7406450625f2e4fd7c1e5591f395ba012e4c3d44d2de5ba60c0",
		      "Authorization: HMAC-SHA256 "
		      "Credential=AKEXAMPLE/20260102/cn-north-1/DNS/request, "
		      "SignedHeaders=content-type;host;x-content-sha256;x-date, Signature="
		      "0ca9befed39cba383e5334c592b93316f3b3b55761a9a0135899fc5e8b585b84"}}},
	{{.scheme = HTTP_SCHEME_WEDOS,
	  {"user@example.com", "pass"},
	  "POST",
	  "https://api.wedos.com/wapi/json",
	  .body = "{\"request\":{\"command\":\"ping\"}}"},
	 {.body = "request=%7B%22request%22%3A%7B%22command%22%3A%22ping%22%2C%22user%22%3A%22"
		  "user%40example.com%22%2C%22auth%22%3A%22"
		  "26cf13bc63beae9e5be4dc26922e15e09a1c2d0e%22%7D%7D"}},
	/* another client's test: 2024-06-05T08:55:45Z */
	{{.scheme = HTTP_SCHEME_XINNET,
	  {"agent", "9f3b6760952b41eda7ddad84d755b3944cbb7929277947c294b7a578128e1170"},
	  "POST",
	  "https://apiv2.xinnet.com/api/domain/check",
	  .now_ms = INT64_C(1717577745000)},
	 {.headers =
		  {"Timestamp: 20240605T085545Z",
		   "Authorization: HMAC-SHA256 Access=agent, "
		   "Signature=bbcebdf1d93fbd8dfbd18313b29e645014c98e307d8f3a88b7517199bad564a6"}}},
	{{.scheme = HTTP_SCHEME_XINNET,
	  {"agent", "9f3b6760952b41eda7ddad84d755b3944cbb7929277947c294b7a578128e1170"},
	  "POST",
	  "https://apiv2.xinnet.com/api/domain/check/",
	  .body = "{\"a\":1}"},
	 {.headers =
		  {"Authorization: HMAC-SHA256 Access=agent, "
		   "Signature=cb7169a8ce8bb8f3be854d6186f650a971c6a0eb0ffad209262d94adc5dde27b"}}},
};

#endif
