#include "domain/policy.h"

#include "base/check.h"
#include "base/file.h"
#include "domain/rules/scratch.h"

#include <sodium.h>
#include <stdio.h>

_Static_assert(POLICY_HASH_BYTES == crypto_generichash_BYTES, "BLAKE2b-256");

static const struct source *source_at(const struct policy *policy, uint32_t index)
{
    return index < CITY_SOURCES ? &city_sources(policy->city)[index]
                                : rules_source(policy->rules, index - CITY_SOURCES);
}

/* What is hashed is what is kept. */
static void bundle(struct policy *policy)
{
    uint32_t count = CITY_SOURCES + rules_sources(policy->rules);
    size_t room = 0;
    for (uint32_t i = 0; i < count; i++)
        room += strlen(source_at(policy, i)->name) + source_at(policy, i)->content.bytes + 32;
    uint8_t *data = arena_take(policy->arena, room);
    size_t used = 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct source *source = source_at(policy, i);
        used += (size_t)snprintf((char *)data + used, room - used, "%s\n%zu\n", source->name,
                                 source->content.bytes);
        memcpy(data + used, source->content.data, source->content.bytes);
        used += source->content.bytes;
        data[used++] = '\n';
    }
    policy->bundle = span_of(data, used);
    int hashed = crypto_generichash(policy->hash, sizeof policy->hash, data, used, NULL, 0);
    CHECK(hashed == 0);
}

static enum err load(struct folder folder, struct arena *arena, struct diag *diag,
                     struct policy **policy)
{
    size_t before = diag_count(diag);
    struct policy *made = arena_take(arena, sizeof *made);
    made->arena = arena;
    int ready = sodium_init();
    CHECK(ready >= 0);
    made->city = city_load(folder, arena, diag);
    if (made->city != NULL)
        made->rules = rules_load(folder, made->city, arena, diag);
    if (made->rules == NULL || diag_count(diag) > before ||
        keywords_compile(city_keywords(made->city), folder.name, diag) != OK) {
        policy_destroy(&made);
        return ERR_INVALID;
    }
    made->feeds = arena_take(arena, city_units(made->city) * sizeof *made->feeds);
    bundle(made);
    *policy = made;
    return OK;
}

enum err policy_load(const char *directory, struct diag *diag, struct policy **policy)
{
    if (!file_is_directory(directory)) {
        diag_add(diag, directory, 0, 0, "is no directory; name the one that holds places.csv");
        return ERR_NOT_FOUND;
    }
    return load(folder_of(directory), arena_create(), diag, policy);
}

enum err policy_load_bundle(const char *name, struct span bundle, struct diag *diag,
                            struct policy **policy)
{
    struct arena *arena = arena_create();
    struct span kept = span_of(arena_copy(arena, bundle), bundle.bytes);
    return load((struct folder){.name = name, .bundle = kept}, arena, diag, policy);
}

enum err policy_load_kept(const char *name, const uint8_t hash[POLICY_HASH_BYTES],
                          struct span bundle, struct diag *diag, struct policy **policy)
{
    enum err err = policy_load_bundle(name, bundle, diag, policy);
    if (err != OK || memcmp((*policy)->hash, hash, POLICY_HASH_BYTES) == 0)
        return err;
    diag_add(diag, name, 0, 0,
             "is not what its hash says: the store is damaged; stop its engine and run lianxin "
             "verify");
    policy_destroy(policy);
    return ERR_DAMAGED;
}

void policy_destroy(struct policy **policy)
{
    if (*policy == NULL)
        return;
    struct arena *arena = (*policy)->arena;
    if ((*policy)->city != NULL)
        keywords_close(city_keywords((*policy)->city));
    *policy = NULL;
    arena_destroy(&arena);
}

struct scratch *scratch_create(const struct policy *policy)
{
    struct arena *arena = arena_create();
    struct scratch *scratch = arena_take(arena, sizeof *scratch);
    scratch->arena = arena;
    scratch->text = text_scratch_create(city_keywords(policy->city));
    scratch->rules = rules_scratch_create(policy->rules, arena);
    return scratch;
}

void scratch_destroy(struct scratch **scratch)
{
    if (*scratch == NULL)
        return;
    struct arena *arena = (*scratch)->arena;
    text_scratch_destroy(&(*scratch)->text);
    *scratch = NULL;
    arena_destroy(&arena);
}
