using Fermata.Wasi;

namespace Fermata.Samples.WebServer;

/// <summary>Answers requests with a program that nobody trusts: each with a sandbox of its own, which is gone when the answer is.</summary>
internal sealed partial class Sandbox(WasiProgram program, TimeSpan deadline, Watch watch, ILogger<Sandbox> logger)
{
    /// <summary>How many instructions a guest may do in a row, which take about a millisecond; then it goes to the end of the pool's queue.</summary>
    private const long TimeSlice = 1_000_000;

    private static readonly StoreOptions Options = new()
    {
        Limiter = new StoreLimits
        {
            MaxMemoryBytes = 16 << 20,
            MaxStackBytes = 1 << 20,
            MaxObjectBytes = 1 << 20,
            MaxTableElements = 1_000,
            MaxInstances = 1,
            MaxCalls = 1,
        },
        FuelSource = async () =>
        {
            await Task.Yield();
            return TimeSlice;
        },
    };

    /// <summary>Loads and links the program, once for all requests.</summary>
    public static async Task<WasiProgram> LoadProgramAsync(string path, Upstream upstream)
    {
        var engine = new Engine(new EngineOptions { UsesFuel = true });
        var module = await Module.LoadFileAsync(engine, path);
        await module.PrepareAsync();
        var linker = new Linker(engine).DefineWasi();
        upstream.DefineIn(linker);
        return new WasiProgram(module, linker);
    }

    /// <summary>Answers a request with what the program prints.</summary>
    /// <param name="context">The request; its body is the program's input.</param>
    /// <param name="command">The program's arguments.</param>
    public async Task AnswerAsync(HttpContext context, string command)
    {
        await using var store = new Store(program.Module.Engine, Options) { Fuel = TimeSlice };
        var guest = watch.Enter(command, store);
        var failure = await RunAsync(context, command, store);
        watch.Leave(guest, failure);
        if (failure is null)
            return;

        LogFailure(guest.Id, command, failure.Status, failure.Reason);
        if (context.Response.HasStarted)
        {
            // Too late for a status; but an answer that breaks off is not taken for a whole one.
            context.Abort();
            return;
        }

        // The reason is for the log: it tells more of the program than its users are to know.
        context.Response.StatusCode = failure.Status;
        await context.Response.WriteAsync("The program failed.\n");
    }

    private async Task<Failure?> RunAsync(HttpContext context, string command, Store store)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        end.CancelAfter(deadline);
        var errors = new ErrorText();

        // The first byte that the program prints starts the response; until then it can have any status.
        context.Response.ContentType = "text/plain; charset=utf-8";
        var setting = new WasiBuilder()
            .WithArguments(command.Split('/'))
            .WithInput(context.Request.Body)
            .WithOutput(context.Response.Body)
            .WithError(errors);
        try
        {
            var exitCode = await program.RunAsync(setting, store, end.Token);
            return exitCode == 0 ? null : new Failure(StatusCodes.Status500InternalServerError, $"exit code {exitCode}: {errors.ToString().TrimEnd()}");
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return new Failure(StatusCodes.Status499ClientClosedRequest, "nobody waits for the answer any more");
        }
        catch (OperationCanceledException)
        {
            return new Failure(StatusCodes.Status504GatewayTimeout, $"not done within {deadline.TotalSeconds} s");
        }
#pragma warning disable CA1031 // Whatever ends a guest must not end more than that: a trap, a limit, an address outside of its memory.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return new Failure(StatusCodes.Status500InternalServerError, exception.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "guest {Id} ({Command}): {Status}, {Reason}")]
    private partial void LogFailure(long id, string command, int status, string reason);
}
