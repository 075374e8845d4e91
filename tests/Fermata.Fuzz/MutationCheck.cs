using System.Diagnostics;
using Fermata.Binary;
using Fermata.Text;

namespace Fermata.Fuzz;

/// <summary>Whether Fermata takes bytes or refuses them as it should: with an exception for modules, in bounded time and memory.</summary>
/// <param name="limitsTime">Whether the time is bounded; not in tests, since it depends on the machine.</param>
internal sealed class MutationCheck(bool limitsTime)
{
    private const double MostMilliseconds = 200;
    private const int Repetitions = 3;
    private const long MostBytes = 4_000_000;
    private const long MostBytesPerByte = 400;
    private const int CompiledOneIn = 5;
    private const int ModulesPerEngine = 1000;

    private Engine _engine = new();
    private int _valid;
    private int _compiled;
    private long _mostBytesPerByte;
    private double _mostMilliseconds;

    /// <summary>Decodes and validates, and compiles and prints some of what is valid.</summary>
    /// <returns>What is wrong; null if nothing is.</returns>
    public string? Binary(byte[] bytes)
    {
        var (isValid, problem) = Measure(() => Module.Validate(bytes), bytes.Length);
        if (!isValid || problem is not null)
            return problem;
        return Interlocked.Increment(ref _valid) % CompiledOneIn == 0 ? Compile(bytes) ?? PrintAndAssemble(bytes) : null;
    }

    /// <summary>Reads a text, and validates what it says.</summary>
    public string? Text(byte[] utf8)
    {
        var (isValid, problem) = Measure(() => Module.Validate(TextModule.Assemble(utf8).Binary), utf8.Length);
        if (isValid)
            Interlocked.Increment(ref _valid);
        return problem;
    }

    public override string ToString() =>
        $"{_valid} valid, {_compiled} compiled, at most {_mostMilliseconds:f0} ms and {_mostBytesPerByte} bytes a byte of those over 1 KB";

    private string? Compile(byte[] bytes)
    {
        if (Interlocked.Increment(ref _compiled) % ModulesPerEngine == 0)
            _engine = new Engine();
        try
        {
            Module.Load(_engine, bytes);
            return null;
        }
        catch (NotSupportedException)
        {
            return null;
        }
        catch (Exception e)
        {
            return $"compiling: {e}";
        }
    }

    /// <summary>The text is the module again, in canonical form, but for a data count section that no instruction needs.</summary>
    private static string? PrintAndAssemble(byte[] bytes)
    {
        try
        {
            var module = ModuleDecoder.Decode(bytes);
            using var text = new StringWriter();
            ModulePrinter.Print(module, text, TextStyle.Folded);
            var assembled = TextModule.Assemble(text.ToString()).Binary;
            return ModuleDecoder.Decode(assembled).DataCount != module.DataCount || assembled.AsSpan().SequenceEqual(ModuleWriter.Write(module))
                ? null
                : "printed and assembled, it is another module";
        }
        catch (Exception e)
        {
            return $"printing: {e}";
        }
    }

    private (bool IsValid, string? Problem) Measure(Action action, int length)
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var watch = Stopwatch.GetTimestamp();
        bool isValid;
        try
        {
            isValid = Try(action);
        }
        catch (Exception e)
        {
            return (false, e.ToString());
        }

        var milliseconds = Stopwatch.GetElapsedTime(watch).TotalMilliseconds;
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        Note(milliseconds, allocated, length);
        if (allocated > MostBytes + MostBytesPerByte * length)
            return (isValid, $"{allocated} bytes allocated for {length} bytes");
        return (isValid, limitsTime && milliseconds > MostMilliseconds && IsSlow(action) ? $"{milliseconds:f0} ms for {length} bytes" : null);
    }

    /// <summary>Measures again: a collection of garbage, or another process, may have come between.</summary>
    private static bool IsSlow(Action action)
    {
        for (var i = 0; i < Repetitions; i++)
        {
            var watch = Stopwatch.GetTimestamp();
            Try(action);
            if (Stopwatch.GetElapsedTime(watch).TotalMilliseconds <= MostMilliseconds)
                return false;
        }

        return true;
    }

    private static bool Try(Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (ModuleException)
        {
            return false;
        }
    }

    private void Note(double milliseconds, long allocated, int length)
    {
        _mostMilliseconds = Math.Max(_mostMilliseconds, milliseconds);
        if (length > 1000)
            _mostBytesPerByte = Math.Max(_mostBytesPerByte, allocated / length);
    }
}
