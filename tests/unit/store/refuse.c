/* What a store refuses to open, and what it says then: each time one sentence that names the path,
 * and nothing is changed. */
#include "tests/unit/store/agree.h"
#include "tests/unit/store/raw.h"

#include <criterion/criterion.h>
#include <sys/stat.h>
#include <unistd.h>

static struct made made;

static void set_up(void)
{
    made_init(&made, 1);
}

static void tear_down(void)
{
    made_fini(&made);
}

TestSuite(store_refuse, .init = set_up, .fini = tear_down);

/* Is the one finding about this path, and does it say this? */
static void said(const struct diag *diag, const char *path, const char *words)
{
    diag_print(diag, stderr);
    cr_assert_eq(diag_count(diag), 1);
    cr_expect_str_eq(diag_at(diag, 0)->file, path);
    cr_expect(strstr(diag_at(diag, 0)->text, words) != NULL, "'%s' does not say '%s'",
              diag_at(diag, 0)->text, words);
}

static void refused(const char *path, enum err wanted, const char *words)
{
    struct store_options options = made.options;
    struct store *store = NULL;
    struct diag *diag = diag_create();
    options.path = path;
    enum err err = store_open(&options, diag, &store);
    cr_assert_eq(err, wanted, "%s", err_name(err));
    cr_expect_null(store);
    said(diag, path, words);
    diag_destroy(&diag);
}

static void not_verified(const char *path, enum err wanted, const char *words)
{
    struct store_proof proof;
    struct diag *diag = diag_create();
    enum err err = store_verify(path, diag, NULL, NULL, NULL, &proof);
    cr_assert_eq(err, wanted, "%s", err_name(err));
    said(diag, path, words);
    diag_destroy(&diag);
}

Test(store_refuse, a_store_that_another_has_and_names_its_process)
{
    char process[32];
    snprintf(process, sizeof process, "(process %d)", getpid());
    made_open(&made);
    made_append_random(&made, 5);
    refused(made.path, ERR_BUSY, process);
    not_verified(made.path, ERR_BUSY, "in use");

    cr_assert_eq(made_commit(&made), OK, "the first one goes on");
    agree_all(&made);
    made_reopen(&made);
    agree_all(&made);
}

Test(store_refuse, a_store_of_another_format)
{
    uint64_t other = 1;
    made_open(&made);
    made_append_random(&made, 5);
    cr_assert_eq(made_commit(&made), OK);
    made_close(&made);
    uint64_t format = raw_meta(made.path, "format");
    raw_put(made.path, "meta", raw_name("format"), span_of(&other, sizeof other));
    refused(made.path, ERR_DAMAGED, "format 1; this engine reads format 5");
    not_verified(made.path, ERR_DAMAGED, "format 1; this engine reads format 5");

    raw_put(made.path, "meta", raw_name("format"), span_of(&format, sizeof format));
    made_open(&made);
    agree_all(&made);
}

/* As the engines wrote it that kept no table of open tickets. */
Test(store_refuse, a_store_of_another_format_whose_tables_are_others, .timeout = 60)
{
    uint64_t other = 1;
    made_open(&made);
    made_append_random(&made, 5);
    cr_assert_eq(made_commit(&made), OK);
    made_close(&made);
    raw_drop(made.path, "open");
    raw_put(made.path, "meta", raw_name("format"), span_of(&other, sizeof other));
    refused(made.path, ERR_DAMAGED, "format 1; this engine reads format 5");
    not_verified(made.path, ERR_DAMAGED, "format 1; this engine reads format 5");
    cr_expect_not(raw_has(made.path, "open"), "nothing was made in it");
}

Test(store_refuse, a_path_that_is_a_file)
{
    FILE *file = fopen(made.path, "w");
    cr_assert_not_null(file);
    fclose(file);
    refused(made.path, ERR_IO, "Not a directory");
    struct stat status;
    cr_assert_eq(stat(made.path, &status), 0);
    cr_assert(S_ISREG(status.st_mode) && status.st_size == 0);
}

Test(store_refuse, a_path_whose_directory_is_not_there)
{
    char path[256];
    snprintf(path, sizeof path, "%s/not/there", made.directory);
    refused(path, ERR_IO, "cannot be made");
    not_verified(path, ERR_NOT_FOUND, "is no store");
}

Test(store_refuse, data_that_are_not_lmdbs)
{
    char path[256];
    cr_assert_eq(mkdir(made.path, 0700), 0);
    snprintf(path, sizeof path, "%s/data.mdb", made.path);
    FILE *file = fopen(path, "w");
    cr_assert_not_null(file);
    for (int i = 0; i < 20000; i++)
        fputc('x', file);
    fclose(file);
    refused(made.path, ERR_DAMAGED, "cannot be opened as a store");
}

Test(store_refuse, a_path_that_would_be_cut_short)
{
    char path[2048];
    memset(path, 'x', sizeof path - 1);
    path[sizeof path - 1] = '\0';
    refused(path, ERR_INVALID, "too long");
}

/* What is derived is believed only where it goes with the log. */
Test(store_refuse, a_table_of_ids_that_has_not_one_for_each_event, .timeout = 60)
{
    const char *const words = "cannot be recovered from its log (damaged)";
    made_open(&made);
    made_append_random(&made, 5);
    cr_assert_eq(made_commit(&made), OK);
    made_close(&made);
    struct span row = raw_get(made.path, "ids", raw_u64(1));
    raw_put(made.path, "ids", raw_u64(1), span_of(row.data, row.bytes - 1));
    refused(made.path, ERR_DAMAGED, words);
    raw_put(made.path, "ids", raw_u64(1), span_of(row.data, row.bytes / 5 * 4));
    refused(made.path, ERR_DAMAGED, words);
    raw_delete(made.path, "ids", raw_u64(1));
    refused(made.path, ERR_DAMAGED, words);
    raw_put(made.path, "ids", raw_u64(2), row);
    refused(made.path, ERR_DAMAGED, words);
    raw_delete(made.path, "ids", raw_u64(2));
    raw_put(made.path, "ids", raw_u64(1), row);
    made_open(&made);
    agree_all(&made);
}

Test(store_refuse, tables_that_go_beyond_the_log)
{
    const uint64_t beyond[] = {0, 7, UINT64_MAX};
    made_open(&made);
    made_append_random(&made, 5);
    cr_assert_eq(made_commit(&made), OK);
    made_close(&made);
    for (size_t i = 0; i < sizeof beyond / sizeof beyond[0]; i++) {
        raw_put(made.path, "meta", raw_name("watermark"), span_of(&beyond[i], sizeof beyond[i]));
        refused(made.path, ERR_DAMAGED, "cannot be recovered from its log (damaged)");
    }
}
