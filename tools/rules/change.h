/* change - what load and rollback share: who wants it and why, and what became of it. */
#ifndef TOOLS_RULES_CHANGE_H
#define TOOLS_RULES_CHANGE_H

#include "tools/command.h"

struct change {
    struct common common;
    char *by;       /* the login name unless said */
    char *note;     /* "" unless said */
    char *argument; /* NULL: there is none */
};

enum { KEY_BY = KEY_FIRST_OWN, KEY_NOTE };

#define OPTION_BY                                                                                  \
    {                                                                                              \
        "by", KEY_BY, "NAME", 0, "Who wants it, for the history (the login name)", 0               \
    }
#define OPTION_NOTE                                                                                \
    {                                                                                              \
        "note", KEY_NOTE, "TEXT", 0, "Why, for the history", 0                                     \
    }

/* With what is not said. */
struct change change_begin(void);

/* The shared options, and one argument at most; ARGP_ERR_UNKNOWN for any other. */
error_t change_parse(struct change *change, int key, char *argument, struct argp_state *state);

/* Asks for it and says what became of it. The exit code. */
int change_ask(const struct change *change, Lianxin__V1__Request *request);

/* "2 (30d01c29)", into a buffer of 32. */
const char *format_policy(const Lianxin__V1__Book *book, char *buffer);

#endif
