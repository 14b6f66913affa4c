#include "tools/command.h"

#include "base/utf8.h"
#include "tools/json.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { ASK_TIMEOUT_MS = 5000, ASK_ONCE_TIMEOUT_MS = 60000, CHINA_OFFSET_S = 8 * 3600 };

error_t common_parse(struct common *common, int key, char *argument)
{
    switch (key) {
    case KEY_FRONT:
        common->front = argument;
        return 0;
    case KEY_FEED:
        common->feed = argument;
        return 0;
    case KEY_JSON:
        common->json = true;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

uint64_t option_number(struct argp_state *state, const char *what, const char *text, uint64_t least,
                       uint64_t most)
{
    char *end;
    unsigned long long value = strtoull(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || value < least || value > most)
        argp_error(state, "%s '%s' is not a whole number from %llu to %llu", what, text,
                   (unsigned long long)least, (unsigned long long)most);
    return value;
}

int print_error(const Lianxin__V1__Error *error)
{
    fprintf(stderr, "lianxin: %s%s%s\n", error->field, error->field[0] == '\0' ? "" : ": ",
            error->message);
    return WRONG;
}

static int ask_client(struct lianxin_client *client, Lianxin__V1__Request *request, int timeout_ms,
                      Lianxin__V1__Reply **reply)
{
    enum err err = lianxin_client_ask(client, request, timeout_ms, reply);
    if (err != OK) {
        fprintf(stderr, "lianxin: %s\n", lianxin_why());
        return err == ERR_TIMEOUT ? UNREACHABLE : MACHINE;
    }
    if ((*reply)->body_case != LIANXIN__V1__REPLY__BODY_ERROR)
        return DONE;
    int code = print_error((*reply)->error);
    lianxin__v1__reply__free_unpacked(*reply, NULL);
    return code;
}

static int ask_within(const struct common *common, uint32_t resend_ms, int timeout_ms,
                      Lianxin__V1__Request *request, Lianxin__V1__Reply **reply)
{
    struct lianxin_client_options options = {.resend_ms = resend_ms};
    struct lianxin_client *client;
    if (lianxin_client_open(common->front, &options, &client) != OK) {
        fprintf(stderr, "lianxin: %s\n", lianxin_why());
        return USAGE;
    }
    int code = ask_client(client, request, timeout_ms, reply);
    lianxin_client_close(&client);
    return code;
}

int ask(const struct common *common, Lianxin__V1__Request *request, Lianxin__V1__Reply **reply)
{
    return ask_within(common, 0, ASK_TIMEOUT_MS, request, reply);
}

int ask_once(const struct common *common, Lianxin__V1__Request *request, Lianxin__V1__Reply **reply)
{
    return ask_within(common, 2 * ASK_ONCE_TIMEOUT_MS, ASK_ONCE_TIMEOUT_MS, request, reply);
}

const char *login_name(void)
{
    const char *name = getlogin();
    const struct passwd *user = name == NULL ? getpwuid(getuid()) : NULL;
    return name != NULL ? name : user != NULL ? user->pw_name : "";
}

void print_json(const ProtobufCMessage *message)
{
    char *line = json_from_message(message);
    puts(line);
    free(line);
}

void print_padded(const char *text, size_t columns)
{
    size_t used = utf8_columns(span_of_string(text));
    printf("%s%*s", text, used < columns ? (int)(columns - used) : 0, "");
}

void print_indented(const char *text, size_t blanks)
{
    for (; *text != '\0'; text++)
        if (*text == '\n')
            printf("\n%*s", (int)blanks, "");
        else
            putchar(*text == '\r' ? ' ' : *text);
    putchar('\n');
}

void print_clipped(const char *text, size_t columns)
{
    struct span shown = span_of_string(text);
    while (utf8_columns(shown) > columns)
        shown = utf8_clip(shown, shown.bytes - 1);
    for (size_t i = 0; i < shown.bytes; i++)
        putchar(shown.data[i] < ' ' ? ' ' : shown.data[i]);
    puts(shown.bytes < strlen(text) ? "..." : "");
}

const char *format_time(int64_t ms, char *buffer)
{
    time_t seconds = (time_t)(ms / 1000) + CHINA_OFFSET_S;
    struct tm local;
    gmtime_r(&seconds, &local);
    strftime(buffer, 32, "%Y-%m-%d %H:%M:%S", &local);
    return buffer;
}
