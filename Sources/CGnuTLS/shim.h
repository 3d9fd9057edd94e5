// GnuTLS for Swift: the library under libmicrohttpd's TLS.
#pragma once

#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

static inline int tare_give_no_certificate(
    gnutls_session_t session, const gnutls_datum_t *authorities, int authority_count,
    const gnutls_pk_algorithm_t *algorithms, int algorithm_count, gnutls_pcert_st **chain, unsigned int *chain_size,
    gnutls_privkey_t *key) {
    (void)session, (void)authorities, (void)authority_count, (void)algorithms, (void)algorithm_count;
    (void)chain, (void)chain_size, (void)key;
    return -1;
}

/// libmicrohttpd wants something to start with that knows a certificate. This one knows none: each session gets its own
/// when it is made, and one that did not would fail.
static inline void (*_Nonnull tare_no_certificate(void))(void) {
    return (void (*)(void))tare_give_no_certificate;
}
