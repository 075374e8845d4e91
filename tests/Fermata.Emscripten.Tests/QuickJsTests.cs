using System.Globalization;

namespace Fermata.Emscripten.Tests;

/// <summary>QuickJS as it was built for hosts that cannot wait, with names that are minified: its scripts wait for .NET's tasks as if these were plain functions.</summary>
public sealed class QuickJsTests
{
    /// <summary>Longer than anything takes that does not hang.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static TheoryData<bool> Modes => [false, true];

    [NpmTheory]
    [MemberData(nameof(Modes))]
    public async Task ScriptsRun(bool suspendsEverywhere)
    {
        await using var js = await QuickJs.StartAsync(suspendsEverywhere);
        await using var context = await js.NewContextAsync();
        Assert.Equal("3,2,1 1.5 Ünïcödé 🌍 1267650600228229401496703205376", await context.EvaluateAsync(
            """
            class Stack { #items = []; push(x) { this.#items.push(x); return this } get all() { return [...this.#items].reverse() } }
            `${new Stack().push(1).push(2).push(3).all} ${JSON.parse('{"a":1.5}').a} Ünïcödé ${"🌍"} ${2n ** 100n}`
            """));
        Assert.Equal("2001-02-03T04:05:06.000Z", await context.EvaluateAsync("new Date(Date.UTC(2001, 1, 3, 4, 5, 6)).toISOString()"));
        Assert.Equal("[[\"a\",1],[\"b\",2]]", await context.EvaluateAsync("JSON.stringify([...'a1b2'.matchAll(/(?<k>[a-z])(\\d)/g)].map(m => [m.groups.k, +m[2]]))"));
    }

    [NpmTheory]
    [MemberData(nameof(Modes))]
    public async Task AScriptCallsAFunctionThatIsAwaited(bool suspendsEverywhere)
    {
        await using var js = await QuickJs.StartAsync(suspendsEverywhere);
        await using var context = await js.NewContextAsync();
        await context.DefineAsync("fetchItem", async (arguments, _) =>
        {
            await Task.Yield();
            return $"item {arguments[0]}";
        });
        await context.DefineAsync("nothing", (_, _) => Task.FromResult<string?>(null));
        Assert.Equal("ITEM 3", await context.EvaluateAsync("fetchItem(3).toUpperCase()"));

        // Also below frames of QuickJS's own C code: a comparison of sort, a getter, a proxy, a generator, and what replaces matches of an expression.
        Assert.Equal(
            "item 3,item 2,item 1|item 7|item x|item 0,item 1|<item a><item b>|undefined",
            await context.EvaluateAsync(
                """
                [
                  [1, 2, 3].sort((a, b) => fetchItem(b) < fetchItem(a) ? -1 : 1).map(fetchItem),
                  ({ get it() { return fetchItem(7) } }).it,
                  new Proxy({}, { get: (_, name) => fetchItem(name) }).x,
                  [...(function* () { for (let i = 0; i < 2; i++) yield fetchItem(i) })()],
                  "ab".replace(/./g, m => `<${fetchItem(m)}>`),
                  nothing(),
                ].map(String).join("|")
                """));
    }

    [NpmTheory]
    [MemberData(nameof(Modes))]
    public async Task PromisesWaitForFunctionsOfTheHost(bool suspendsEverywhere)
    {
        await using var js = await QuickJs.StartAsync(suspendsEverywhere);
        await using var context = await js.NewContextAsync();
        await context.DefineAsync("fetchItem", async (arguments, _) =>
        {
            await Task.Yield();
            return $"item {arguments[0]}";
        });
        await context.EvaluateAsync("var result; (async () => { await null; const item = fetchItem(1); await item; result = item + fetchItem(2) })()");
        Assert.Equal("undefined", await context.EvaluateAsync("result"));
        await context.RunJobsAsync();
        Assert.Equal("item 1item 2", await context.EvaluateAsync("result"));
    }

    [NpmTheory]
    [MemberData(nameof(Modes))]
    public async Task ModulesAreAwaited(bool suspendsEverywhere)
    {
        await using var js = await QuickJs.StartAsync(suspendsEverywhere);
        await using var context = await js.NewContextAsync();
        await context.EnableModulesAsync();
        context.Modules = async name =>
        {
            await Task.Yield();
            return name switch
            {
                "greetings" => "import { world } from 'names'; export const hello = `hello ${world}`",
                "names" => "export const world = 'world'",
                _ => null,
            };
        };
        await context.RunModuleAsync("import { hello } from 'greetings'; globalThis.result = hello");
        Assert.Equal("hello world", await context.EvaluateAsync("result"));
    }

    [NpmTheory]
    [MemberData(nameof(Modes))]
    public async Task ExceptionsPassBothWays(bool suspendsEverywhere)
    {
        await using var js = await QuickJs.StartAsync(suspendsEverywhere);
        await using var context = await js.NewContextAsync();
        await context.DefineAsync("fail", async (arguments, _) =>
        {
            await Task.Yield();
            throw new InvalidOperationException($"no {arguments[0]} today");
        });
        Assert.Equal("caught no rain today, finally", await context.EvaluateAsync("let log = ''; try { fail('rain') } catch (e) { log = `caught ${e.message}` } finally { log += ', finally' } log"));
        await AssertThrows("Error: no sun today", context.EvaluateAsync("fail('sun')"));
        await AssertThrows("TypeError: wrong", context.EvaluateAsync("throw new TypeError('wrong')"));
        await AssertThrows("SyntaxError: unexpected token in expression: ')'", context.EvaluateAsync("()"));
        Assert.Equal("goes on", await context.EvaluateAsync("'goes on'"));
    }

    [NpmFact(IsHeavy = true)]
    public async Task AThousandContextsWaitAtOnceInOneInstance()
    {
        const int count = 1_000;
        await using var js = await QuickJs.StartAsync(suspendsEverywhere: false);
        await AssertAllWaitAtOnce(count, [.. Enumerable.Repeat(js, count)]);
    }

    [NpmTheory]
    [MemberData(nameof(Modes))]
    public async Task AHundredInstancesWaitAtOnce(bool suspendsEverywhere)
    {
        var all = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => QuickJs.StartAsync(suspendsEverywhere)));
        await AssertAllWaitAtOnce(all.Length, all);
        foreach (var js in all)
            await js.DisposeAsync();
    }

    [NpmTheory]
    [MemberData(nameof(Modes))]
    public async Task TheInterruptHandlerEndsALoopAndMayWait(bool suspendsEverywhere)
    {
        await using var js = await QuickJs.StartAsync(suspendsEverywhere);
        await using var context = await js.NewContextAsync();
        await using var other = await js.NewContextAsync();
        await context.EnableInterruptsAsync();
        var asked = 0;
        context.Interrupts = async () =>
        {
            await Task.Yield();

            // While this one waits others run.
            Assert.Equal("2", await other.EvaluateAsync("1 + 1"));
            return ++asked == 5;
        };
        await AssertThrows("InternalError: interrupted", context.EvaluateAsync("for (;;);"));
        Assert.Equal(5, asked);
        Assert.Equal("after", await context.EvaluateAsync("'after'"));
    }

    [NpmTheory(IsHeavy = true)]
    [MemberData(nameof(Modes))]
    public async Task LimitsOfMemoryAndStackAreExceptionsOfTheScript(bool suspendsEverywhere)
    {
        await using var js = await QuickJs.StartAsync(suspendsEverywhere);
        await using (var context = await js.NewContextAsync())
        {
            await context.LimitMemoryAsync(256 << 10);
            Assert.Equal("InternalError: out of memory", await context.EvaluateAsync("let all = []; try { for (;;) all.push(new Array(1000).fill(0)) } catch (e) { all = null; String(e) }"));
            Assert.Equal("after", await context.EvaluateAsync("'after'"));
        }

        await using (var context = await js.NewContextAsync())
        {
            await context.LimitStackAsync(16 << 10);
            Assert.Equal("InternalError: stack overflow", await context.EvaluateAsync("function f() { return f() + 1 } try { f() } catch (e) { String(e) }"));
            Assert.Equal("after", await context.EvaluateAsync("'after'"));
        }
    }

    [NpmFact]
    public async Task AMemoryThatMayNotGrowIsAnExceptionOfTheScript()
    {
        await using var js = await QuickJs.StartAsync(suspendsEverywhere: false, new StoreOptions { Limiter = new StoreLimits { MaxMemoryBytes = 16 << 20 } });
        await using var context = await js.NewContextAsync();
        Assert.Equal("InternalError: out of memory", await context.EvaluateAsync("let all = []; try { for (;;) all.push(new Uint8Array(1 << 20)) } catch (e) { all = null; String(e) }"));
    }

    /// <summary>No function of the host returns before all scripts have called it, deep in calls of their own.</summary>
    private static async Task AssertAllWaitAtOnce(int count, IReadOnlyList<QuickJs> js)
    {
        var all = new Rendezvous(count);
        var contexts = await Task.WhenAll(js.Select(async (one, i) =>
        {
            var context = await one.NewContextAsync();
            await context.DefineAsync("fetchItem", async (arguments, _) =>
            {
                await all.ArriveAsync();
                return $"{arguments[0]} of {i}";
            });
            return context;
        }));
        var texts = await Task.WhenAll(contexts.Select((context, i) => context.EvaluateAsync(
            string.Create(CultureInfo.InvariantCulture, $"function deep(n) {{ return n ? deep(n - 1) + n : fetchItem({i}) }} deep({i % 20}) + '; ' + fetchItem('again')")))).WaitAsync(Patience);
        Assert.Equal(
            Enumerable.Range(0, count).Select(i => $"{i} of {i}{string.Concat(Enumerable.Range(1, i % 20))}; again of {i}"),
            texts);
        foreach (var context in contexts)
            await context.DisposeAsync();
    }

    private static async Task AssertThrows(string message, Task task) => Assert.Equal(message, (await Assert.ThrowsAsync<QuickJsException>(() => task)).Message);
}
