/* What people type to change the book of a running engine, and what they read. */
#include "tests/engine/changes.h"
#include "tests/engine/served.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct served served;
static struct small_city cities[2];

static void set_up(void)
{
    for (uint32_t i = 0; i < 2; i++) {
        small_city_make(&cities[i]);
        small_book_write(&cities[i], i == 0 ? "urban" : "water");
    }
    served_init(&served);
    served.city = cities[0].directory;
    served_start(&served);
}

static void tear_down(void)
{
    served_fini(&served);
    for (uint32_t i = 0; i < 2; i++)
        small_city_remove(&cities[i]);
}

TestSuite(change_commands, .init = set_up, .fini = tear_down);

/* All that it wrote, and how it ended. Holds until the next call. */
static const char *run(int *code, const char *verb, const char *argument, const char *options)
{
    static char output[16 * 1024];
    char command[PATH_MAX + 1024];
    snprintf(command, sizeof command, "%s rules %s %s %s --front %s 2>&1", served.program, verb,
             argument, options, served.front);
    FILE *pipe = popen(command, "r");
    cr_assert_not_null(pipe);
    output[fread(output, 1, sizeof output - 1, pipe)] = '\0';
    int status = pclose(pipe);
    *code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return output;
}

static void expect(int wanted, const char *part, const char *verb, const char *argument,
                   const char *options)
{
    int code;
    const char *output = run(&code, verb, argument, options);
    cr_expect_eq(code, wanted, "%s: %d", verb, code);
    cr_expect_not_null(strstr(output, part), "%s: '%s' is not in:\n%s", verb, part, output);
}

Test(change_commands, load_list_and_roll_back)
{
    expect(0, ") is in force already; it decides from serial 1 on\n", "load", cities[0].directory,
           "");
    expect(1, "there is none before", "rollback", "", "");
    expect(0, ") is in force; it decides from serial 2 on\n", "load", cities[1].directory,
           "--by 王芳 --note 新目录");
    expect(0, "policy 1 (", "rollback", "", "--by 李雷");
    expect(0, "policy 2 (", "rollback", "2", "--by 李雷 --note 'twice a day'");
    expect(1, "to: '9': is the number of no policy", "rollback", "9", "");
    expect(0, "\n           4  2", "history", "", "");
    expect(0, "load      王芳            新目录\n", "history", "", "");
    expect(0, "rollback  李雷\n", "history", "", "");
    expect(0, "rollback  李雷            twice a day\n", "history", "", "");
    expect(0, "           1  -                    1 (", "history", "", "");
    expect(0, "\"from_serial\":4}\n", "history", "", "--json");
}

Test(change_commands, say_where_a_book_is_wrong)
{
    small_city_write(&cities[1], "assign",
                     "F,事项,职能\n,in:category,out:function\n"
                     ",category,function\nx,#0101,nobody\nelse,-,desk\n");
    expect(1, "/rules/assign.csv:4:9: ", "load", cities[1].directory, "");
    expect(1, "lianxin: nothing has changed: 1 thing to mend\n", "load", cities[1].directory, "");
    expect(1, "\"findings\":[{", "load", cities[1].directory, "--json");
    expect(1, "/nowhere: No such file or directory", "load", "/nowhere", "");
    expect(2, "the city's directory is needed", "load", "", "");
    small_book_write(&cities[1], "water");
    expect(0, "is in force; it decides from serial 2", "load", cities[1].directory, "");
}

Test(change_commands, another_citys_book_is_not_loaded)
{
    char command[PATH_MAX];
    snprintf(command, sizeof command, "sed -i s/5111/5101/g %s/*.csv %s/rules/*.csv",
             cities[1].directory, cities[1].directory);
    cr_assert_eq(system(command), 0);
    expect(1, "(5101), and this engine is that of 乐山市 (5111)", "load", cities[1].directory, "");
    expect(0, "           1  -                    1 (", "history", "", "");
}

static void write_golden(const char *unit)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/golden/one.jsonl", cities[1].directory);
    FILE *file = fopen(path, "w");
    cr_assert_not_null(file);
    fprintf(file,
            "{\"case\": {\"channel\": \"phone\", \"type\": \"complaint\", \"category\": \"0101\", "
            "\"place\": \"511126\"}, \"at\": \"2026-11-25T10:00\", \"unit\": \"%s\"}\n",
            unit);
    fclose(file);
}

Test(change_commands, a_book_against_a_golden_case_is_not_loaded)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/golden", cities[1].directory);
    cr_assert_eq(mkdir(path, 0700), 0);
    write_golden("511126000000.urban");
    expect(1, "not loaded: 1 of 1 golden cases come out otherwise", "load", cities[1].directory,
           "");
    write_golden("511126000000.water");
    expect(0, "is in force; it decides from serial 2", "load", cities[1].directory, "");
    snprintf(path, sizeof path, "%s/golden/one.jsonl", cities[1].directory);
    cr_assert_eq(unlink(path), 0);
    snprintf(path, sizeof path, "%s/golden", cities[1].directory);
    cr_assert_eq(rmdir(path), 0);
}
