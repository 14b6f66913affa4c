/* corpus - messages of which somebody has said what they are about.
 *
 * A file of lines with tabs between their columns, of which the first line names two: label and
 * text. Words may stand apart by blanks, which says where they end; the rest of the columns is not
 * looked at. Messages that are nearly the same share a group, so that no trial learns from one and
 * is asked about the other.
 */
#ifndef TOOLS_LEARN_CORPUS_H
#define TOOLS_LEARN_CORPUS_H

#include "base/diag.h"
#include "base/err.h"

enum { LABELS_MAX = 16, CORPUS_BYTES_MAX = 256 * 1024 * 1024 };

struct message {
    struct span text;
    uint32_t label;
    uint32_t group; /* the number of its first message */
    /* Of the folded text the Chinese characters, each with the number of its word; a 0 stands for
     * all else between two of them. */
    const uint32_t *letters;
    const uint32_t *words;
    uint32_t letters_count;
};

struct corpus {
    struct span labels[LABELS_MAX]; /* as they first come */
    uint32_t labels_count;
    struct message *messages;
    uint32_t count;
    uint32_t groups_count;
};

/* Reads it into the arena. What is wrong with it goes to diag; ERR_INVALID or what file_read()
 * says. */
MUST_CHECK enum err corpus_read(const char *path, struct arena *arena, struct diag *diag,
                                struct corpus *corpus);

/* Groups messages that are the same, or of which one has at least half of its runs of eight
 * characters in common with the other; so chains of copies are one group. What forty messages or
 * more have in common is how one writes to a government, and not looked at. */
void corpus_group(struct corpus *corpus);

#endif
