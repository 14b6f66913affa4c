/* say - log lines to stderr.
 *
 * One line each, "lianxin: text"; with syslog's level number in front, "<N>lianxin: text", where
 * stderr is the journal of systemd, which sorts by it. Any thread; a line is one write.
 * (The log, in this project, is the store's log of events. These lines are not it.)
 */
#ifndef BASE_SAY_H
#define BASE_SAY_H

void say_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
void say_warning(const char *format, ...) __attribute__((format(printf, 1, 2)));
void say_info(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
