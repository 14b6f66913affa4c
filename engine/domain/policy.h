/* policy - a city and its rule book, fixed and named.
 *
 * Named by the BLAKE2b-256 hash of its files' names and contents: two engines with the same policy
 * decide alike. Immutable; any thread. One policy decides one ticket, entirely.
 */
#ifndef DOMAIN_POLICY_H
#define DOMAIN_POLICY_H

#include "domain/rules/rules.h"

enum { POLICY_HASH_BYTES = 32 };

struct policy {
    const struct city *city;
    const struct rules *rules;
    uint8_t hash[POLICY_HASH_BYTES];
    uint32_t number;    /* in this engine's store; set when it is put there */
    uint32_t *feeds;    /* unit index -> feed of the store; set with the number */
    struct span bundle; /* all files, as folder.h has them */
    struct arena *arena;
};

/* Reads a city's directory. Everything wrong with it goes to diag, and then there is no policy:
 * ERR_INVALID or ERR_NOT_FOUND. */
MUST_CHECK enum err policy_load(const char *directory, struct diag *diag, struct policy **policy);

/* Makes a policy again of what it kept of itself; the bundle is copied. The hash is the same where
 * all of it is. Findings, of a bundle that is damaged or that an older release wrote by other
 * rules, name the file below this name. ERR_INVALID. */
MUST_CHECK enum err policy_load_bundle(const char *name, struct span bundle, struct diag *diag,
                                       struct policy **policy);

/* The same of one that is kept under its hash. Where it has another by now, that is a finding and
 * ERR_DAMAGED. */
MUST_CHECK enum err policy_load_kept(const char *name, const uint8_t hash[POLICY_HASH_BYTES],
                                     struct span bundle, struct diag *diag, struct policy **policy);

void policy_destroy(struct policy **policy);

/* What a thread needs to resolve facts and decide by this policy. Allocates; deciding does not. */
struct scratch *scratch_create(const struct policy *policy);
void scratch_destroy(struct scratch **scratch);

#endif
