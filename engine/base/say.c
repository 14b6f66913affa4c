#include "base/say.h"

#include "base/utf8.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    SYSLOG_ERROR = 3,
    SYSLOG_WARNING = 4,
    SYSLOG_INFO = 6,
    LINE_BYTES = 1024,
    CHARACTER_BYTES = 4
};

/* systemd says which pipe or socket is the journal's; what was sent elsewhere is for people. */
static bool goes_to_journal(void)
{
    const char *journal = getenv("JOURNAL_STREAM");
    struct stat status;
    char here[64];
    if (journal == NULL || fstat(STDERR_FILENO, &status) != 0)
        return false;
    snprintf(here, sizeof here, "%ju:%ju", (uintmax_t)status.st_dev, (uintmax_t)status.st_ino);
    return strcmp(here, journal) == 0;
}

__attribute__((format(printf, 2, 0))) static void say(int level, const char *format,
                                                      va_list arguments)
{
    char line[LINE_BYTES];
    int length = 0;
    if (goes_to_journal())
        length = snprintf(line, sizeof line, "<%d>", level);
    length += snprintf(line + length, sizeof line - (size_t)length, "lianxin: ");
    length += vsnprintf(line + length, sizeof line - (size_t)length, format, arguments);
    if (length > LINE_BYTES - 1)
        length = (int)utf8_clip(span_of(line, LINE_BYTES - 1), LINE_BYTES - CHARACTER_BYTES).bytes;
    line[length] = '\n';
    ssize_t written = write(STDERR_FILENO, line, (size_t)length + 1);
    (void)written; /* nobody is left to tell */
}

void say_error(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say(SYSLOG_ERROR, format, arguments);
    va_end(arguments);
}

void say_warning(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say(SYSLOG_WARNING, format, arguments);
    va_end(arguments);
}

void say_info(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say(SYSLOG_INFO, format, arguments);
    va_end(arguments);
}
