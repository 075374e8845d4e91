namespace Fermata.Samples;

/// <summary>What the samples share: a place to print to, a clock, and the two functions that guest.h declares.</summary>
/// <param name="output">Gets the transcript.</param>
/// <param name="time">The clock by which the samples wait.</param>
public sealed class SampleConsole(TextWriter output, TimeProvider time)
{
    /// <summary>The clock by which the samples wait.</summary>
    public TimeProvider Time { get; } = time;

    /// <summary>Prints a line of the host.</summary>
    public void Host(string line) => Write($"host: {line}\n");

    /// <summary>Prints a line of the guest.</summary>
    public void Guest(string line) => Write($"wasm: {line}\n");

    /// <summary>Prints a text as it is.</summary>
    public void Write(string text) => output.Write(text);

    /// <summary>Defines the imports of guest.h. A C string arrives as its address.</summary>
    public void DefineLog(Linker linker)
    {
        linker.Define("env", "logString", (Caller caller, int text) => Guest(caller.Memory.ReadUtf8(text)));
        linker.Define("env", "logInt", (Caller caller, int label, int value) => Guest($"{caller.Memory.ReadUtf8(label)} {value}"));
    }

    /// <summary>An operation that takes its time. Several samples give it to their guest as an import.</summary>
    public async Task<int> HttpRequest(int request)
    {
        Host($"request {request} is under way");
        await Task.Delay(TimeSpan.FromSeconds(1), Time);
        Host($"response {request + 1} arrived");
        return request + 1;
    }

    /// <summary>Prints the result of a call, and before that, if the call has to wait, that no thread does.</summary>
    /// <param name="call">What was called.</param>
    /// <param name="result">The task that the call returned.</param>
    public async Task Report(string call, Task<int> result)
    {
        if (!result.IsCompleted)
            Host($"{call} is suspended, this thread is free");
        Host($"{call} = {await result}");
    }
}
