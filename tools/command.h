/* command - what every subcommand of lianxin shares: exit codes, endpoints, the way to ask.
 *
 * Each subcommand is one file with one entry, command_NAME(argc, argv), argv[0] being "lianxin
 * NAME". What a script may rely on goes to stdout, one line a thing; all else goes to stderr. With
 * --json, stdout has one JSON object a line, with the field names of lianxin.proto.
 */
#ifndef TOOLS_COMMAND_H
#define TOOLS_COMMAND_H

#include "proto/lianxin.h"

#include <argp.h>
#include <stdio.h>

/* Exit codes. */
enum {
    DONE = 0,
    WRONG = 1,       /* what was given or found is wrong: invalid cases, findings, a refused act */
    USAGE = 2,       /* the command line makes no sense */
    UNREACHABLE = 3, /* no engine answers at the endpoint */
    MACHINE = 4,     /* disk, socket, memory */
};

int command_serve(int argc, char **argv);
int command_submit(int argc, char **argv);
int command_watch(int argc, char **argv);
int command_show(int argc, char **argv);
int command_act(int argc, char **argv);
int command_explain(int argc, char **argv);
int command_desk(int argc, char **argv);
int command_report(int argc, char **argv);
int command_status(int argc, char **argv);
int command_verify(int argc, char **argv);
int command_city(int argc, char **argv);
int command_rules(int argc, char **argv);
int command_simulate(int argc, char **argv);
int command_bench(int argc, char **argv);

/* -- options ------------------------------------------------------------------------------------
 */

/* Keys of options that have no letter. */
enum {
    KEY_FRONT = 0x100,
    KEY_FEED,
    KEY_JSON,
    KEY_FIRST_OWN, /* a command's own begin here */
};

#define OPTION_FRONT                                                                               \
    {                                                                                              \
        "front", KEY_FRONT, "ENDPOINT", 0, "Where the engine takes requests (" LIANXIN_FRONT ")",  \
            0                                                                                      \
    }
#define OPTION_FEED                                                                                \
    {                                                                                              \
        "feed", KEY_FEED, "ENDPOINT", 0, "Where the engine publishes (" LIANXIN_FEED ")", 0        \
    }
#define OPTION_JSON                                                                                \
    {                                                                                              \
        "json", KEY_JSON, NULL, 0, "One JSON object a line, with lianxin.proto's field names", 0   \
    }

struct common {
    const char *front;
    const char *feed;
    bool json;
};

/* Handles the shared options; ARGP_ERR_UNKNOWN for any other. */
error_t common_parse(struct common *common, int key, char *argument);

/* A whole number in a range, or the end with a message. */
uint64_t option_number(struct argp_state *state, const char *what, const char *text, uint64_t least,
                       uint64_t most);

/* -- asking -------------------------------------------------------------------------------------
 */

/* Asks the engine at common->front and prints what went wrong, if anything did. Returns DONE with a
 * reply that is no Error, to be freed, or else the exit code. */
int ask(const struct common *common, Lianxin__V1__Request *request, Lianxin__V1__Reply **reply);

/* The same of what takes long and is not to be asked for twice: it is sent once. */
int ask_once(const struct common *common, Lianxin__V1__Request *request,
             Lianxin__V1__Reply **reply);

/* What an engine says where it refuses a request, and the exit code for it. */
int print_error(const Lianxin__V1__Error *error);

/* Who is logged in, or whose process this is. */
const char *login_name(void);

/* -- printing -----------------------------------------------------------------------------------
 */

/* The message as one line of JSON. */
void print_json(const ProtobufCMessage *message);

enum { TITLE_COLUMNS = 72 };

/* The text, then blanks up to so many columns on a terminal; wide characters count two. */
void print_padded(const char *text, size_t columns);

/* The text, each line of it but the first behind so many blanks, and the end of the line. */
void print_indented(const char *text, size_t blanks);

/* What of the text fits into so many columns, its line ends as blanks, and the end of the line. */
void print_clipped(const char *text, size_t columns);

/* 2026-11-24 16:35:02 in China's time, into a buffer of 32. */
const char *format_time(int64_t ms, char *buffer);

#endif
