#include "tools/named_book.h"

#include "base/check.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* What a store keeps under a hash that begins so. */
struct kept {
    uint32_t number; /* of the first */
    uint32_t count;
    uint32_t all; /* policies that the store keeps */
};

const char *named_book_hash(const struct policy *policy, char text[NAMED_BOOK_HASH_BYTES])
{
    for (size_t i = 0; i < POLICY_HASH_BYTES; i++)
        snprintf(text + 2 * i, 3, "%02x", policy->hash[i]);
    return text;
}

static bool is_directory(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static bool is_hash(const char *text)
{
    size_t digits = strspn(text, "0123456789abcdefABCDEF");
    return text[digits] == '\0' && digits >= NAMED_BOOK_DIGITS_MIN &&
           digits <= (size_t)2 * POLICY_HASH_BYTES;
}

static bool begins(const uint8_t hash[POLICY_HASH_BYTES], const char *digits)
{
    static const char names[] = "0123456789abcdef";
    for (size_t i = 0; digits[i] != '\0'; i++) {
        uint8_t digit = i % 2 == 0 ? hash[i / 2] >> 4 : hash[i / 2] & 15;
        if (names[digit] != tolower((unsigned char)digits[i]))
            return false;
    }
    return true;
}

/* Policies are numbered from 1 without gaps. */
static struct kept find_kept(struct store_reader *reader, const char *digits)
{
    uint8_t hash[POLICY_HASH_BYTES];
    struct span bundle;
    struct kept kept = {.count = 0};
    while (store_reader_policy(reader, kept.all + 1, hash, &bundle) == OK) {
        kept.all++;
        if (begins(hash, digits) && kept.count++ == 0)
            kept.number = kept.all;
    }
    return kept;
}

/* The one that is meant; or what is wrong with the digits. */
static enum err find_one(struct store_reader *reader, const char *digits, struct diag *diag,
                         uint32_t *number)
{
    struct kept kept = find_kept(reader, digits);
    *number = kept.number;
    if (kept.count == 1)
        return OK;
    diag_add(diag, digits, 0, 0,
             kept.count == 0 ? "is the hash of none of the %u policies that the store keeps"
                             : "is how several hashes begin of the %u policies that the store "
                               "keeps; write more of its digits",
             kept.all);
    return ERR_NOT_FOUND;
}

static enum err load_kept(struct store_reader *reader, const char *digits, struct diag *diag,
                          struct policy **policy)
{
    uint8_t hash[POLICY_HASH_BYTES];
    struct span bundle;
    uint32_t number;
    enum err err = find_one(reader, digits, diag, &number);
    if (err == OK)
        err = store_reader_policy(reader, number, hash, &bundle);
    if (err == OK)
        err = policy_load_bundle(digits, bundle, diag, policy);
    if (err == OK)
        (*policy)->number = number;
    return err;
}

/* A reader within a snapshot. */
static enum err begin(const struct store_look *look, struct diag *diag,
                      struct store_reader **reader)
{
    *reader = NULL;
    enum err err = store_look_reader(look, reader);
    if (err == OK)
        err = store_reader_begin(*reader);
    if (err != OK) {
        diag_add(diag, store_look_path(look), 0, 0, "cannot be read: %s", err_name(err));
        store_reader_close(reader);
    }
    return err;
}

static void end(struct store_reader **reader)
{
    store_reader_end(*reader);
    store_reader_close(reader);
}

static enum err open_kept(const char *digits, const struct store_look *look, struct diag *diag,
                          struct policy **policy)
{
    struct store_reader *reader;
    enum err err = begin(look, diag, &reader);
    if (err != OK)
        return err;
    err = load_kept(reader, digits, diag, policy);
    end(&reader);
    return err;
}

enum err named_book_number(const char *digits, const struct store_look *look, struct diag *diag,
                           uint32_t *number)
{
    struct store_reader *reader;
    if (!is_hash(digits)) {
        diag_add(diag, digits, 0, 0,
                 "is no hash of a policy: 8 digits or more, as rules history lists them");
        return ERR_NOT_FOUND;
    }
    enum err err = begin(look, diag, &reader);
    if (err != OK)
        return err;
    err = find_one(reader, digits, diag, number);
    end(&reader);
    return err;
}

enum err named_book_open(const char *meant, const struct store_look *look, struct diag *diag,
                         struct policy **policy)
{
    if (is_directory(meant))
        return policy_load(meant, diag, policy);
    if (look != NULL && is_hash(meant))
        return open_kept(meant, look, diag, policy);
    diag_add(diag, meant, 0, 0,
             look == NULL ? "is no directory; name the one that holds places.csv"
                          : "is neither a directory, nor the hash of a policy that the store "
                            "keeps: 8 digits or more, as rules history lists them");
    return ERR_NOT_FOUND;
}
