#include "tools/named_book.h"

#include "base/file.h"
#include "stages/shelf.h"

#include <stdio.h>
#include <string.h>

const char *named_book_hash(const struct policy *policy, char text[NAMED_BOOK_HASH_BYTES])
{
    for (size_t i = 0; i < POLICY_HASH_BYTES; i++)
        snprintf(text + 2 * i, 3, "%02x", policy->hash[i]);
    return text;
}

/* Policies are numbered from 1 without gaps. */
static uint32_t count_kept(struct store_reader *reader)
{
    uint8_t hash[POLICY_HASH_BYTES];
    struct span bundle;
    uint32_t count = 0;
    while (store_reader_policy(reader, count + 1, hash, &bundle) == OK)
        count++;
    return count;
}

/* The one that is meant; or what is wrong with the digits, for somebody who meant this by them. */
static enum err find_one(struct store_reader *reader, const char *digits, const char *otherwise,
                         struct diag *diag, uint32_t *number)
{
    enum err err = shelf_find(reader, span_of_string(digits), number);
    if (err == ERR_INVALID)
        diag_add(diag, digits, 0, 0, "%s", otherwise);
    else if (err == ERR_FULL)
        diag_add(diag, digits, 0, 0,
                 "is how several hashes begin of the %u policies that the store keeps; write more "
                 "of its digits",
                 count_kept(reader));
    else if (err == ERR_NOT_FOUND)
        diag_add(diag, digits, 0, 0, "is the hash of none of the %u policies that the store keeps",
                 count_kept(reader));
    else if (err != OK)
        diag_add(diag, digits, 0, 0, "cannot be looked for: %s", err_name(err));
    return err == OK ? OK : ERR_NOT_FOUND;
}

static enum err load_kept(struct store_reader *reader, const char *digits, struct diag *diag,
                          struct policy **policy)
{
    uint8_t hash[POLICY_HASH_BYTES];
    struct span bundle;
    uint32_t number;
    enum err err = find_one(reader, digits,
                            "is neither a directory, nor the hash of a policy that the store "
                            "keeps: 8 digits or more, as rules history lists them",
                            diag, &number);
    if (err == OK)
        err = store_reader_policy(reader, number, hash, &bundle);
    if (err == OK)
        err = policy_load_kept(digits, hash, bundle, diag, policy);
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
    enum err err = begin(look, diag, &reader);
    if (err != OK)
        return err;
    err = find_one(reader, digits,
                   "is no hash of a policy: 8 digits or more, as rules history lists them", diag,
                   number);
    end(&reader);
    return err;
}

enum err named_book_open(const char *meant, const struct store_look *look, struct diag *diag,
                         struct policy **policy)
{
    if (file_is_directory(meant))
        return policy_load(meant, diag, policy);
    if (look != NULL)
        return open_kept(meant, look, diag, policy);
    diag_add(diag, meant, 0, 0, "is no directory; name the one that holds places.csv");
    return ERR_NOT_FOUND;
}
