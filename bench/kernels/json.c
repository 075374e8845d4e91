// A parser of JSON (RFC 8259) that makes a tree of nodes, of a text of 2,000 records.
#include "heap.h"

enum kind { NOTHING, BOOLEAN, NUMBER, STRING, ARRAY, OBJECT };
struct node { enum kind kind; int length; double number; struct node *first, *next; const char *name; int name_length; };

static char text[256 * 1024];
static int written;
static const char *at;

static void write_text(const char *s) { while (*s) text[written++] = *s++; }

static void write_number(uint32_t value)
{
    char digits[10];
    int count = 0;
    do digits[count++] = (char)('0' + value % 10); while ((value /= 10) > 0);
    while (count > 0) text[written++] = digits[--count];
}

static void write_records(void)
{
    uint32_t random = 41;
    written = 0;
    write_text("[");
    for (int i = 0; i < 2000; i++) {
        write_text(i ? ",\n  {\"id\": " : "\n  {\"id\": ");
        write_number((uint32_t)i);
        write_text(", \"name\": \"record \\\"");
        write_number(next_random(&random) % 1000);
        write_text("\\\"\", \"ratio\": -");
        write_number(next_random(&random) % 100);
        write_text(".");
        write_number(next_random(&random) % 1000);
        write_text(i & 1 ? "e-2, \"tags\": [true, null, \"x\"]}" : ", \"tags\": []}");
    }
    write_text("\n]");
    text[written] = 0;
}

static void skip_space(void)
{
    while (*at == ' ' || *at == '\n' || *at == '\t' || *at == '\r')
        at++;
}

static int take(char c)
{
    skip_space();
    if (*at != c)
        return 0;
    at++;
    return 1;
}

static double parse_number(void)
{
    int negative = *at == '-' ? at++, 1 : 0, exponent = 0;
    double value = 0;
    for (; *at >= '0' && *at <= '9'; at++)
        value = value * 10 + (*at - '0');
    if (*at == '.') {
        double scale = 1;
        for (at++; *at >= '0' && *at <= '9'; at++)
            value += (*at - '0') * (scale /= 10);
    }
    if (*at == 'e') {
        int down = *++at == '-' ? at++, 1 : 0;
        for (; *at >= '0' && *at <= '9'; at++)
            exponent = exponent * 10 + (*at - '0');
        for (; exponent > 0; exponent--)
            value = down ? value / 10 : value * 10;
    }
    return negative ? -value : value;
}

// The length of a string between quotes, as it stands.
static int parse_string(const char **start)
{
    if (!take('"'))
        __builtin_trap();
    for (*start = at; *at != '"'; at++) {
        if (*at == '\\')
            at++;
    }
    return (int)(at++ - *start);
}

static struct node *parse(void)
{
    struct node *node = allocate(sizeof *node), **link = &node->first;
    *node = (struct node){ 0 };
    skip_space();
    switch (*at) {
    case '{':
    case '[':
        node->kind = *at == '{' ? OBJECT : ARRAY;
        char end = *at++ == '{' ? '}' : ']';
        while (!take(end)) {
            const char *name = 0;
            int length = 0;
            if (node->kind == OBJECT) {
                skip_space();
                length = parse_string(&name);
                if (!take(':'))
                    __builtin_trap();
            }
            *link = parse();
            (*link)->name = name;
            (*link)->name_length = length;
            link = &(*link)->next;
            node->length++;
            take(',');
        }
        break;
    case '"': {
        const char *start;
        node->kind = STRING;
        node->length = parse_string(&start);
        break;
    }
    case 't': node->kind = BOOLEAN; node->number = 1; at += 4; break;
    case 'f': node->kind = BOOLEAN; at += 5; break;
    case 'n': at += 4; break;
    default: node->kind = NUMBER; node->number = parse_number(); break;
    }
    return node;
}

static uint32_t sum_and_release(struct node *node)
{
    uint32_t sum = node->kind * 31u + (uint32_t)node->length + (uint32_t)(int)(node->number * 16) + (uint32_t)node->name_length;
    for (struct node *child = node->first; child;) {
        struct node *next = child->next;
        sum = mix(sum, sum_and_release(child));
        child = next;
    }
    release(node);
    return sum;
}

KERNEL int run(int n)
{
    uint32_t checksum = 0;
    heap_reset();
    write_records();
    for (int round = 0; round < n; round++) {
        at = text;
        checksum += sum_and_release(parse());
    }
    return (int)checksum;
}
