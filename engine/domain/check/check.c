#include "domain/check/check.h"

#include "domain/check/looking.h"
#include "domain/check/posts.h"
#include "domain/check/seek.h"
#include "domain/check/witness.h"
#include "domain/rules/waivers.h"

/* -- waivers ----------------------------------------------------------------------------------- */

static bool is_waived(const struct check_finding *finding, const struct waiver *waiver)
{
    return finding->severity == SEVERITY_WARNING &&
           span_is(waiver->finding, flaw_name(finding->flaw)) &&
           span_is(waiver->row, finding->about);
}

static const char *copy(struct looking *looking, struct span text)
{
    return findings_print(looking->findings, "%.*s", SPAN_ARG(text));
}

static void complain(struct looking *looking, const struct waivers *waivers,
                     const struct waiver *waiver)
{
    bool known = flaw_find(waiver->finding) != FLAW_COUNT;
    struct check_finding *finding =
        findings_add(looking->findings, FLAW_WAIVER, SEVERITY_WARNING, waivers->path,
                     waiver->where.line, waiver->where.column);
    finding->about = copy(looking, waiver->row);
    finding->text = findings_print(looking->findings,
                                   known ? "there is no warning '%.*s' about %.*s to waive"
                                         : "'%.*s' is no finding, so nothing of %.*s is "
                                           "waived",
                                   SPAN_ARG(waiver->finding), SPAN_ARG(waiver->row));
    finding->remedy = known ? "take the waiver out, or mend the name of its row; errors cannot be "
                              "waived"
                            : "write the finding as rules check prints it, such as shadowed";
    finding->shows = "a waiver has no case";
}

/* Those it has been given for are marked; one that is for nothing is a finding itself. */
static void waive(struct looking *looking)
{
    const struct waivers *waivers = rules_waivers(looking->policy->rules);
    uint32_t found = looking->findings->count;
    for (uint32_t i = 0; i < waivers->count; i++) {
        bool used = false;
        for (uint32_t j = 0; j < found; j++) {
            struct check_finding *finding = &looking->findings->list[j];
            if (!is_waived(finding, &waivers->list[i]))
                continue;
            finding->waived_by = copy(looking, waivers->list[i].by);
            finding->waived_for = copy(looking, waivers->list[i].reason);
            used = true;
        }
        if (!used)
            complain(looking, waivers, &waivers->list[i]);
    }
}

/* -- the whole --------------------------------------------------------------------------------- */

static void rank_rows(struct looking *looking, struct looked *looked)
{
    uint32_t count = looked->table->rows_count;
    looked->ranks = arena_take(looking->arena, (count + 1) * sizeof *looked->ranks);
    for (uint32_t rank = 0; rank < count; rank++)
        looked->ranks[rules_ranked(looking->policy->rules, looked->index, rank).row] = rank;
}

/* Keywords that are weighed have no cells that could be at odds. */
static bool is_proved(const struct table *table)
{
    return table->answer != ANSWER_WEIGHTS;
}

static void prepare(struct looking *looking, struct looked *looked, const struct reach *reach)
{
    looked->room = match_scratch_create(looked->matcher, looking->arena);
    rank_rows(looking, looked);
    grid_build(looked->table, reach, looking->city, looking->arena, &looked->grid);
    looked->seeker = seeker_create(looking, looked);
}

static void open_tables(struct looking *looking)
{
    struct reach reach;
    reach_begin(looking->city, looking->today, looking->arena, &reach);
    for (uint32_t i = 0; i < looking->tables_count; i++) {
        struct looked *looked = &looking->tables[i];
        looked->table = rules_table(looking->policy->rules, i);
        looked->index = i;
        looked->matcher = rules_matcher(looking->policy->rules, i);
        looked->dead = arena_take(looking->arena, looked->table->rows_count + 1);
        if (is_proved(looked->table))
            prepare(looking, looked, &reach);
        reach_pass(looking->city, looked->table, looking->arena, &reach);
    }
}

static void look_at_table(struct looking *looking, struct looked *looked)
{
    look_at_cells(looking, looked);
    look_for_overlaps(looking, looked);
    look_for_gaps(looking, looked);
    look_for_shadows(looking, looked);
    look_at_words(looking, looked);
}

const struct findings *check_policy(const struct policy *policy, int32_t today, struct arena *arena)
{
    struct looking *looking = arena_take(arena, sizeof *looking);
    struct scratch *scratch = scratch_create(policy);
    *looking = (struct looking){.policy = policy,
                                .city = policy->city,
                                .keywords = city_keywords(policy->city),
                                .scratch = scratch,
                                .arena = arena,
                                .findings = arena_take(arena, sizeof *looking->findings),
                                .today = today,
                                .tables_count = rules_tables(policy->rules)};
    looking->findings->arena = arena;
    looking->leader = leader_create(looking);
    open_tables(looking);
    for (uint32_t i = 0; i < looking->tables_count; i++)
        if (is_proved(looking->tables[i].table))
            look_at_table(looking, &looking->tables[i]);
    looking->posts = posts_find(looking);
    look_for_owners(looking);
    look_for_breaches(looking);
    waive(looking);
    findings_sort(looking->findings);
    scratch_destroy(&scratch);
    return looking->findings;
}

/* The finding, the case that shows it and the remedy. */
static void tell(const struct check_finding *finding, struct diag *diag)
{
    diag_add(diag, finding->file, finding->line, finding->column, "%s: %s; %s", finding->text,
             finding->shows, finding->remedy);
}

enum err check_book(const struct policy *policy, int32_t today, struct diag *diag)
{
    struct arena *arena = arena_create();
    const struct findings *findings = check_policy(policy, today, arena);
    enum err err = OK;
    for (uint32_t i = 0; i < findings->count; i++) {
        if (findings->list[i].severity != SEVERITY_ERROR)
            continue;
        tell(&findings->list[i], diag);
        err = ERR_INVALID;
    }
    arena_destroy(&arena);
    return err;
}
