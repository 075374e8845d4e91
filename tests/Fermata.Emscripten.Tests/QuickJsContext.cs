using Fermata.Samples.SqliteAsync;

namespace Fermata.Emscripten.Tests;

/// <summary>A JavaScript world of its own. Its scripts run one after another.</summary>
internal sealed class QuickJsContext(QuickJs js, int runtime, int context) : IAsyncDisposable
{
    private readonly List<Func<string[], CancellationToken, Task<string?>>> _functions = [];

    public int Context => context;

    /// <summary>Asked from time to time whether a script is to end.</summary>
    public Func<Task<bool>> Interrupts { get; set; } = () => Task.FromResult(false);

    /// <summary>The source of a module by its name.</summary>
    public Func<string, Task<string?>> Modules { get; set; } = _ => Task.FromResult<string?>(null);

    /// <summary>Runs a script.</summary>
    /// <returns>What it gives, as a string.</returns>
    /// <exception cref="QuickJsException">It throws.</exception>
    public async Task<string> EvaluateAsync(string script)
    {
        var value = await EvaluateAsync(script, flags: 0);
        var text = Take(await js.InvokeAsync("QTS_GetString", context, value));
        await FreeAsync(value);
        return text;
    }

    /// <summary>Runs a module.</summary>
    /// <exception cref="QuickJsException">It throws.</exception>
    public async Task RunModuleAsync(string source) => await FreeAsync(await EvaluateAsync(source, flags: 1));

    /// <summary>Runs what promises have left to do.</summary>
    public async Task RunJobsAsync()
    {
        using var last = GuestBytes.Of(js.Instance, new byte[sizeof(int)]);
        await FreeAsync(await CheckAsync(await js.InvokeAsync("QTS_ExecutePendingJob", runtime, -1, last.Address)));
    }

    /// <summary>Adds a global function, which a script calls as any: it gets what the task gives, or an exception.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="function">Takes its arguments as strings, and gives a string, or null for undefined.</param>
    public async Task DefineAsync(string name, Func<string[], CancellationToken, Task<string?>> function)
    {
        _functions.Add(function);
        using var text = GuestBytes.OfText(js.Instance, name);
        var value = await js.InvokeAsync("QTS_NewFunction", context, text.Address, 0, 0, _functions.Count - 1);
        var (global, key) = (await js.InvokeAsync("QTS_GetGlobalObject", context), await js.InvokeAsync("QTS_NewString", context, text.Address));
        await js.InvokeAsync("QTS_SetProp", context, global, key, value);
        foreach (var owned in new[] { value, global, key })
            await FreeAsync(owned);
    }

    public Task LimitMemoryAsync(int bytes) => js.InvokeAsync("QTS_RuntimeSetMemoryLimit", runtime, bytes);

    public Task LimitStackAsync(int bytes) => js.InvokeAsync("QTS_RuntimeSetMaxStackSize", runtime, bytes);

    public Task EnableInterruptsAsync() => js.InvokeAsync("QTS_RuntimeEnableInterruptHandler", runtime);

    public Task EnableModulesAsync() => js.InvokeAsync("QTS_RuntimeEnableModuleLoader", runtime, 0);

    public async ValueTask DisposeAsync()
    {
        await js.InvokeAsync("QTS_FreeContext", context);
        await js.InvokeAsync("QTS_FreeRuntime", runtime);
    }

    /// <summary>What QuickJS calls for all functions of the host: reads the arguments, and waits.</summary>
    /// <returns>What makes the value that the call returns, when it goes on.</returns>
    public Task<Func<int>> CallAsync(int count, int values, int function, CancellationToken cancellationToken)
    {
        var arguments = new string[count];
        for (var i = 0; i < count; i++)
            arguments[i] = Take(js.Invoke("QTS_GetString", context, js.Invoke("QTS_ArgvGetJSValueConstPointer", values, i)));
        return CallAsync(_functions[function], arguments, cancellationToken);
    }

    public Task<string?> LoadModuleAsync(string name) => Modules(name);

    private async Task<Func<int>> CallAsync(Func<string[], CancellationToken, Task<string?>> function, string[] arguments, CancellationToken cancellationToken)
    {
        try
        {
            var result = await function(arguments, cancellationToken);
            return () => result is null ? 0 : NewString(result);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return () => Throw(e.Message);
        }
    }

    /// <summary>A text of QuickJS, which is then freed.</summary>
    private string Take(int text)
    {
        if (text == 0)
            throw new InvalidOperationException("The value cannot be made a string.");
        var result = js.Instance.Memory.ReadUtf8(text);
        js.Invoke("QTS_FreeCString", context, text);
        return result;
    }

    private int NewString(string text)
    {
        using var bytes = GuestBytes.OfText(js.Instance, text);
        return js.Invoke("QTS_NewString", context, bytes.Address);
    }

    private int Throw(string message)
    {
        var (error, key, value) = (js.Invoke("QTS_NewError", context), NewString("message"), NewString(message));
        js.Invoke("QTS_SetProp", context, error, key, value);
        var thrown = js.Invoke("QTS_Throw", context, error);
        foreach (var owned in new[] { error, key, value })
            js.Invoke("QTS_FreeValuePointer", context, owned);
        return thrown;
    }

    private async Task<int> EvaluateAsync(string script, int flags)
    {
        using var text = GuestBytes.OfText(js.Instance, script);
        using var file = GuestBytes.OfText(js.Instance, "script.js");
        return await CheckAsync(await js.InvokeAsync("QTS_Eval", context, text.Address, text.Length, file.Address, 0, flags));
    }

    /// <summary>Gives a value back, unless it stands for an exception.</summary>
    private async Task<int> CheckAsync(int value)
    {
        var error = await js.InvokeAsync("QTS_ResolveException", context, value);
        if (error == 0)
            return value;
        var text = Take(await js.InvokeAsync("QTS_GetString", context, error));
        await FreeAsync(value);
        await FreeAsync(error);
        throw new QuickJsException(text);
    }

    private Task<int> FreeAsync(int value) => js.InvokeAsync("QTS_FreeValuePointer", context, value);
}

/// <summary>What a script throws.</summary>
internal sealed class QuickJsException(string message) : Exception(message);
