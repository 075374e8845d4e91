using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Fermata.Cli;

/// <summary>Writes what the engine does as a timeline, in the Trace Event Format that Perfetto and Chromium's tracing page open.</summary>
/// <remarks>
/// It hears the same activities as any program that listens to "Fermata". Each call has a lane, with a slice for each time that it ran and each
/// time that it was suspended; lane 0 is for the rest. A slice is written when it has ended.
/// </remarks>
internal sealed class TraceFile : IDisposable
{
    private const int BufferedBytes = 1 << 16;

    private readonly Lock _lock = new();
    private readonly DateTime _start = DateTime.UtcNow;
    private readonly Utf8JsonWriter _writer;
    private readonly ActivityListener _listener;

    /// <summary>Where each call that has not ended went on last.</summary>
    private readonly Dictionary<long, DateTime> _runsSince = [];

    private IOException? _failure;

    /// <summary>Begins a trace.</summary>
    /// <param name="output">What to write to.</param>
    public TraceFile(Stream output)
    {
        _writer = new Utf8JsonWriter(output);
        _writer.WriteStartArray();
        WriteLaneName(0, "fermata");
        _listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "Fermata",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = Write,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <exception cref="IOException">Something could not be written.</exception>
    public void Dispose()
    {
        _listener.Dispose();
        lock (_lock)
        {
            if (_failure is not null)
                throw _failure;
            _writer.WriteEndArray();
            _writer.Dispose();
        }
    }

    private void Write(Activity activity)
    {
        lock (_lock)
        {
            if (_failure is not null)
                return;
            try
            {
                WriteSlices(activity);
                if (_writer.BytesPending > BufferedBytes)
                    _writer.Flush();
            }
            catch (IOException e)
            {
                // The call that is traced has nothing to do with it.
                _failure = e;
            }
        }
    }

    private void WriteSlices(Activity activity)
    {
        var (start, end) = (activity.StartTimeUtc, activity.StartTimeUtc + activity.Duration);
        if (activity.GetTagItem("fermata.call.id") is not long lane)
        {
            WriteSlice(activity, 0, start, end);
        }
        else if (activity.GetTagItem("fermata.waits_for") is null)
        {
            WriteSlice(activity, lane, RunsSince(activity, lane), end);
            _runsSince.Remove(lane);
        }
        else
        {
            if (activity.Parent is { } call)
                WriteSlice(call, lane, RunsSince(call, lane), start);
            WriteSlice(activity, lane, start, end);
            _runsSince[lane] = end;
        }
    }

    private DateTime RunsSince(Activity call, long lane)
    {
        if (_runsSince.TryGetValue(lane, out var time))
            return time;
        WriteLaneName(lane, string.Create(CultureInfo.InvariantCulture, $"call {lane}"));
        return call.StartTimeUtc;
    }

    private void WriteSlice(Activity activity, long lane, DateTime from, DateTime to)
    {
        WriteHead(activity.OperationName, "X", lane);
        _writer.WriteString("cat", "fermata");
        _writer.WriteNumber("ts", (from - _start).TotalMicroseconds);
        _writer.WriteNumber("dur", Math.Max(0, (to - from).TotalMicroseconds));
        _writer.WriteStartObject("args");
        foreach (var (key, value) in activity.TagObjects)
            _writer.WriteString(key, Convert.ToString(value, CultureInfo.InvariantCulture));
        if (activity.StatusDescription is { } failure)
            _writer.WriteString("error.message", failure);
        WriteEnd();
    }

    private void WriteLaneName(long lane, string name)
    {
        WriteHead("thread_name", "M", lane);
        _writer.WriteStartObject("args");
        _writer.WriteString("name", name);
        WriteEnd();
    }

    private void WriteHead(string name, string phase, long lane)
    {
        _writer.WriteStartObject();
        _writer.WriteString("name", name);
        _writer.WriteString("ph", phase);
        _writer.WriteNumber("pid", 1);
        _writer.WriteNumber("tid", lane);
    }

    private void WriteEnd()
    {
        _writer.WriteEndObject();
        _writer.WriteEndObject();
    }
}
