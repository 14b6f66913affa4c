/* say - log lines to stderr.
 *
 * One line each, "<N>lianxin: text" with syslog's level number in front when stderr is not a
 * terminal, so that journald sorts them; without it on a terminal. Any thread; a line is one write.
 * (The log, in this project, is the store's log of events. These lines are not it.)
 */
#ifndef BASE_SAY_H
#define BASE_SAY_H

void say_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
void say_warning(const char *format, ...) __attribute__((format(printf, 1, 2)));
void say_info(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
