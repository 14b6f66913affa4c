/* learn - a table of weights, learned from messages that somebody labelled. */
#include "base/check.h"
#include "base/clock.h"
#include "bench/random.h"
#include "domain/rules/weights.h"
#include "tools/command.h"
#include "tools/learn/report.h"
#include "tools/rules/rules.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { FOLDS_MAX = 100 };

struct asked {
    const char *labelled;
    const char *city;
    const char *map;
    const char *table;
    const char *output;
    uint32_t rows, folds;
    uint64_t seed;
    uint32_t precision; /* percent */
    int32_t margin;     /* 0: by the precision */
};

enum {
    KEY_CITY = KEY_FIRST_OWN,
    KEY_MAP,
    KEY_TABLE,
    KEY_ROWS,
    KEY_FOLDS,
    KEY_SEED,
    KEY_PRECISION,
    KEY_MARGIN
};

static const struct argp_option options[] = {
    {"city", KEY_CITY, "DIR", 0, "The city whose categories it finds (cities/leshan)", 0},
    {"map", KEY_MAP, "FILE", 0,
     "Which categories each label stands for: a sheet of label, categories; without one, labels "
     "are codes or names of categories",
     0},
    {"table", KEY_TABLE, "NAME", 0,
     "What the table is called in the city's book, if it has it: the book is tried with it too "
     "(subject)",
     0},
    {"rows", KEY_ROWS, "N", 0, "So many keywords at most (4000)", 0},
    {"folds", KEY_FOLDS, "N", 0, "Try it in so many parts; 0: do not (10)", 0},
    {"seed", KEY_SEED, "N", 0, "Another order of learning, and other parts (1)", 0},
    {"precision", KEY_PRECISION, "PERCENT", 0,
     "The margin is the least by which so many of what is decided are right (95)", 0},
    {"margin", KEY_MARGIN, "N", 0, "This margin, whatever is right", 0},
    {"output", 'o', "FILE", 0, "Write the table there, not to stdout", 0},
    {0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct asked *asked = state->input;
    switch (key) {
    case KEY_CITY:
        asked->city = argument;
        return 0;
    case KEY_MAP:
        asked->map = argument;
        return 0;
    case KEY_TABLE:
        asked->table = argument;
        return 0;
    case KEY_ROWS:
        asked->rows = (uint32_t)option_number(state, "--rows", argument, 1, RULES_ROWS_MAX);
        return 0;
    case KEY_FOLDS:
        asked->folds = (uint32_t)option_number(state, "--folds", argument, 0, FOLDS_MAX);
        return 0;
    case KEY_SEED:
        asked->seed = option_number(state, "--seed", argument, 0, UINT32_MAX);
        return 0;
    case KEY_PRECISION:
        asked->precision = (uint32_t)option_number(state, "--precision", argument, 1, 100);
        return 0;
    case KEY_MARGIN:
        asked->margin = (int32_t)option_number(state, "--margin", argument, 1, WEIGHTS_MARGIN_MAX);
        return 0;
    case 'o':
        asked->output = argument;
        return 0;
    case ARGP_KEY_ARG:
        if (state->arg_num > 0)
            return ARGP_ERR_UNKNOWN;
        asked->labelled = argument;
        return 0;
    case ARGP_KEY_END:
        if (asked->labelled == NULL)
            argp_error(state, "the file of labelled messages is needed");
        if (asked->folds == 1)
            argp_error(state, "--folds: of one part there is nothing to learn from; say 2 or more");
        if (asked->folds == 0 && asked->margin == 0)
            argp_error(state, "--folds 0 needs a --margin, since nothing is tried to find one");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    .options = options,
    .parser = parse,
    .args_doc = "LABELLED.tsv",
    .doc = "Learn which keywords tell the labels of messages apart, and write a table of weights "
           "for the rule book. LABELLED.tsv names its columns in line 1, tabs between them, and "
           "has a label and a text. What the table is worth is tried first, on messages set "
           "apart, with the engine's own scan; copies of a message stay together.\v"
           "The same file, options and seed give the same table.",
};

/* -- trying ------------------------------------------------------------------------------------ */

struct work {
    const struct asked *asked;
    struct arena *arena;
    struct diag *diag;
    struct corpus corpus;
    struct label_map map;
    struct trial trial;
    FILE *report;
    uint32_t *fold_of; /* a message each */
    bool *held;        /* a message each: of the fold at work */
    struct learned learned[FOLDS_MAX];
    struct verdict *verdicts;
};

/* Groups in an order by the seed, one after the other to the folds. */
static void deal(struct work *work)
{
    const struct corpus *corpus = &work->corpus;
    struct random random = random_begin(work->asked->seed, 1);
    uint32_t *groups = arena_take(work->arena, (corpus->count + 1) * sizeof *groups);
    uint32_t count = 0;
    for (uint32_t i = 0; i < corpus->count; i++)
        if (corpus->messages[i].group == i)
            groups[count++] = i;
    for (uint32_t i = count; i > 1; i--) {
        uint32_t j = (uint32_t)random_below(&random, i);
        uint32_t moved = groups[i - 1];
        groups[i - 1] = groups[j];
        groups[j] = moved;
    }
    for (uint32_t i = 0; i < count; i++)
        work->fold_of[groups[i]] = i % work->asked->folds;
    for (uint32_t i = 0; i < corpus->count; i++)
        work->fold_of[i] = work->fold_of[corpus->messages[i].group];
}

static void hold(struct work *work, uint32_t fold)
{
    for (uint32_t i = 0; i < work->corpus.count; i++)
        work->held[i] = work->fold_of[i] == fold;
}

static enum err learn_all_but(struct work *work, const bool *held, struct learned *learned)
{
    struct lesson lesson;
    lesson_make(&work->corpus, held, &lesson);
    learn(&lesson, work->asked->rows, work->asked->seed, learned);
    if (learned->rows_count > 0)
        return OK;
    diag_add(work->diag, work->asked->labelled, 0, 0,
             "has no keyword that tells its labels apart; keywords are Chinese characters within a "
             "word, of two messages at least that are no copies of each other");
    return ERR_INVALID;
}

static struct span table_of(struct work *work, uint32_t fold, int32_t margin)
{
    return learned_write(&work->learned[fold], &work->corpus, &work->map, margin, work->arena);
}

static enum err try_tables(struct work *work)
{
    for (uint32_t fold = 0; fold < work->asked->folds; fold++) {
        hold(work, fold);
        enum err err = learn_all_but(work, work->held, &work->learned[fold]);
        if (err == OK)
            err = trial_ask_table(&work->trial, table_of(work, fold, 1), work->held, work->diag,
                                  work->verdicts);
        if (err != OK)
            return err;
    }
    return OK;
}

/* By a margin that nothing reaches it is the book without the table. */
static enum err try_book(struct work *work, const char *what, int32_t margin)
{
    for (uint32_t fold = 0; fold < work->asked->folds; fold++) {
        hold(work, fold);
        enum err err = trial_ask_book(&work->trial, table_of(work, fold, margin), work->held,
                                      work->diag, work->verdicts);
        if (err != OK)
            return err;
    }
    report_book(work->report, what, &work->corpus, work->verdicts);
    return OK;
}

static enum err try_all(struct work *work, int32_t *margin)
{
    const struct asked *asked = work->asked;
    work->fold_of = arena_take(work->arena, work->corpus.count * sizeof *work->fold_of);
    work->held = arena_take(work->arena, work->corpus.count * sizeof *work->held);
    work->verdicts = arena_take(work->arena, work->corpus.count * sizeof *work->verdicts);
    deal(work);
    enum err err = try_tables(work);
    if (err != OK)
        return err;
    if (*margin == 0)
        *margin = report_margin(&work->corpus, work->verdicts, asked->precision / 100.0);
    report_table(work->report, &work->corpus, &work->map, work->verdicts, *margin);
    if (!work->trial.in_book)
        return OK;
    fputs("\n", work->report);
    err = try_book(work, "the book without it", WEIGHTS_MARGIN_MAX);
    return err != OK ? err : try_book(work, "the book with it", *margin);
}

/* -- the whole --------------------------------------------------------------------------------- */

static enum err write_table(const char *path, struct span table)
{
    FILE *out = path != NULL ? fopen(path, "w") : stdout;
    if (out == NULL)
        return ERR_IO;
    bool good = fwrite(table.data, 1, table.bytes, out) == table.bytes && fflush(out) == 0;
    if (path != NULL)
        good &= fclose(out) == 0;
    return good ? OK : ERR_IO;
}

static enum err prepare(struct work *work)
{
    const struct asked *asked = work->asked;
    enum err err = corpus_read(asked->labelled, work->arena, work->diag, &work->corpus);
    if (err == OK)
        err = trial_open(asked->city, asked->table, work->diag, &work->trial);
    if (err == OK)
        err = label_map_read(asked->map, work->trial.city->city, &work->corpus, work->arena,
                             work->diag, &work->map);
    work->trial.corpus = &work->corpus;
    work->trial.map = &work->map;
    return err;
}

static enum err run(struct work *work)
{
    const struct asked *asked = work->asked;
    int32_t margin = asked->margin;
    int64_t start_ns = clock_own_cpu_ns();
    enum err err = prepare(work);
    if (err != OK)
        return err;
    corpus_group(&work->corpus);
    fprintf(work->report,
            "%u messages in %u groups of near-copies, %u labels; seed %llu, %u folds by group, at "
            "most %u keywords\n",
            work->corpus.count, work->corpus.groups_count, work->corpus.labels_count,
            (unsigned long long)asked->seed, asked->folds, asked->rows);
    if (asked->folds > 0)
        err = try_all(work, &margin);
    if (err != OK)
        return err;
    struct learned learned;
    err = learn_all_but(work, NULL, &learned);
    if (err != OK) {
        learned_free(&learned);
        return err;
    }
    struct span table = learned_write(&learned, &work->corpus, &work->map, margin, work->arena);
    fprintf(work->report, "\nlearned from all of them: %u keywords, margin %d, in %.1f s\n",
            learned.rows_count, margin, (double)(clock_own_cpu_ns() - start_ns) / 1e9);
    learned_free(&learned);
    err = write_table(asked->output, table);
    if (err != OK)
        fprintf(stderr, "lianxin: %s: %s\n", asked->output != NULL ? asked->output : "stdout",
                strerror(errno));
    return err;
}

int rules_learn(int argc, char **argv)
{
    struct asked asked = {.city = "cities/leshan",
                          .table = "subject",
                          .rows = 4000,
                          .folds = 10,
                          .seed = 1,
                          .precision = 95};
    argp_parse(&argp, argc, argv, 0, NULL, &asked);
    struct work *work = calloc(1, sizeof *work);
    CHECK(work != NULL);
    work->asked = &asked;
    work->arena = arena_create();
    work->diag = diag_create();
    work->report = asked.output != NULL ? stdout : stderr;
    enum err err = run(work);
    diag_print(work->diag, stderr);
    for (uint32_t i = 0; i < FOLDS_MAX; i++)
        learned_free(&work->learned[i]);
    trial_close(&work->trial);
    diag_destroy(&work->diag);
    arena_destroy(&work->arena);
    free(work);
    return err == OK ? DONE : err == ERR_IO ? MACHINE : WRONG;
}
