/* day - one day of the hotline through a real engine, moment by moment.
 *
 *      cases, by the hour --submitter--> engine --feeds--> subscribers
 *      acts  <-- plans of units and desk <-- what the feeds told --+
 *
 * The simulated clock goes from one moment at which something happens to the next: some cases come,
 * or a unit or the desk acts. Each moment ends when what was sent is acknowledged and every feed
 * has told of it; only then are its consequences planned. So the order of everything is the seed's,
 * a kill in between changes nothing but the time it takes, and at every moment all that was
 * acknowledged has been seen published.
 *
 * Functions that return false have said why. They give up where the engine does not answer for
 * SCENE_PATIENCE_MS, where it ends by itself, and when interrupted.
 */
#ifndef TOOLS_SIMULATE_DAY_H
#define TOOLS_SIMULATE_DAY_H

#include "domain/number.h"
#include "tools/simulate/listen.h"
#include "tools/simulate/scene.h"

struct told_case {
    char number[NUMBER_BYTES_MAX]; /* of its ticket; "" before it is acknowledged */
    bool dispatched;
};

struct day_counts {
    uint64_t submitted, acknowledged, invalid;
    uint64_t acts, acts_acknowledged, acts_refused;
    uint64_t by_verb[VERB_COUNT]; /* acknowledged */
    uint64_t dispatched, on_the_spot, transferred, redirected, attached;
    uint64_t stored; /* found again by number */
};

struct day {
    struct scene *scene;
    struct case_maker maker;
    struct people people;
    struct listen listen;
    struct lianxin_client *client;
    struct lianxin_submitter *submitter;
    int64_t kill_ms; /* the moment from which the engine is to be killed; 0: not, or not any more */
    uint32_t next;   /* case */
    int64_t now_ms;
    int64_t progress_ms; /* when the next line of progress is due */
    struct told_case *told;
    uint32_t *dispatched; /* indexes of cases that were, in order of acknowledgement */
    struct day_counts counts;
};

/* Connects to the scene's engine, which need not be up yet. The maker's cases are the day's. */
MUST_CHECK bool day_open(struct day *day, struct scene *scene, const struct case_maker *maker);
void day_close(struct day *day);

/* From midnight to midnight. */
MUST_CHECK bool day_run(struct day *day);

/* Asks the engine for each acknowledged case by its number, and counts those that are there. */
MUST_CHECK bool day_look_up(struct day *day);

/* The number of the ticket there is most to explain about; "" where there is none. */
void day_interesting(struct day *day, char number[NUMBER_BYTES_MAX]);

/* Cases that are not submitted, acknowledged, stored and published all together, acts that were
 * neither acknowledged nor refused, events that a feed left out. */
uint64_t day_lost(const struct day *day);

#endif
