using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace Fermata.Bench;

/// <summary>
/// What Go's port to JavaScript (<c>GOOS=js</c>) imports, as far as a program needs it that prints something: functions take the place of their arguments and results on Go's stack, and values of JavaScript
/// are NaNs with the number of a reference.
/// </summary>
internal sealed class GoHost
{
    private const int NanHead = 0x7FF80000;
    private const int FirstArgument = 4096;

    private readonly List<object?> _values;
    private readonly Dictionary<object, int> _numbers = [];
    private readonly PriorityQueue<int, long> _timeouts = new();
    private readonly HashSet<int> _pending = [];
    private readonly GoObject _go = [];
    private readonly StringBuilder _output = new();
    private readonly Instance _instance;
    private readonly Memory _memory;
    private readonly Func<int> _stack;
    private readonly Action _resume;
    private int _lastTimeout;
    private int? _exitCode;

    private GoHost(Module module)
    {
        var global = Global();
        _go["_makeFuncWrapper"] = (GoFunction)(arguments => Wrapper(arguments[0]));
        _go["_pendingEvent"] = null;
        _values = [double.NaN, 0.0, null, true, false, global, _go];
        for (var i = 3; i < _values.Count; i++)
            _numbers[_values[i]!] = i;
        _instance = Link(module.Engine).Instantiate(new Store(module.Engine), module);
        _memory = _instance.GetMemory("mem");
        _stack = _instance.GetFunction<Func<int>>("getsp");
        _resume = _instance.GetFunction<Action>("resume");
    }

    /// <summary>Runs a program to its end, and returns what it has printed.</summary>
    /// <param name="module">Its module.</param>
    /// <param name="arguments">Its arguments, from its name on.</param>
    /// <exception cref="BenchException">It ended with another exit code than 0, or wants what is not here.</exception>
    public static string Run(Module module, params string[] arguments) => new GoHost(module).Run(arguments);

    private string Run(string[] arguments)
    {
        var (place, pointers) = (FirstArgument, new List<int>());
        foreach (var argument in arguments)
        {
            pointers.Add(place);
            _memory.WriteUtf8(place, argument, zeroTerminated: true);
            place = (place + Encoding.UTF8.GetByteCount(argument) + 8) & ~7;
        }

        // Behind the arguments and the variables of the environment, of which there is none, stands a zero.
        for (var i = 0; i < pointers.Count + 2; i++)
            _memory.Write(place + (8 * i), i < pointers.Count ? (long)pointers[i] : 0);
        _instance.GetFunction<Action<int, int>>("run")(arguments.Length, place);
        while (_exitCode is null)
        {
            if (!_timeouts.TryDequeue(out var timeout, out var time))
                throw new BenchException("the program waits for nothing.");
            if (!_pending.Remove(timeout))
                continue;
            Thread.Sleep(TimeSpan.FromTicks(Math.Max(0, time - DateTime.UtcNow.Ticks)));
            _resume();
        }

        return _exitCode == 0 ? _output.ToString() : throw new BenchException($"exit code {_exitCode}: {_output}");
    }

    private Linker Link(Engine engine)
    {
        var linker = new Linker(engine);
        Define("runtime.wasmExit", sp => _exitCode = _memory.Read<int>(sp + 8));
        Define("runtime.wasmWrite", sp => Print(_memory.GetSpan(_memory.Read<int>(sp + 16), _memory.Read<int>(sp + 24))));
        Define("runtime.resetMemoryDataView", _ => { });
        Define("runtime.nanotime1", sp => _memory.Write(sp + 8, Stopwatch.GetTimestamp() * (1_000_000_000 / Stopwatch.Frequency)));
        Define("runtime.walltime", sp =>
        {
            var now = DateTimeOffset.UtcNow;
            _memory.Write(sp + 8, now.ToUnixTimeSeconds());
            _memory.Write(sp + 16, now.Millisecond * 1_000_000);
        });
        Define("runtime.scheduleTimeoutEvent", sp =>
        {
            _timeouts.Enqueue(++_lastTimeout, DateTime.UtcNow.Ticks + (_memory.Read<long>(sp + 8) * TimeSpan.TicksPerMillisecond));
            _pending.Add(_lastTimeout);
            _memory.Write(sp + 16, _lastTimeout);
        });
        Define("runtime.clearTimeoutEvent", sp => _pending.Remove(_memory.Read<int>(sp + 8)));
        Define("runtime.getRandomData", sp => RandomNumberGenerator.Fill(Slice(sp + 8)));
        // References stay: a program that prints something makes few.
        Define("syscall/js.finalizeRef", _ => { });
        Define("syscall/js.stringVal", sp => Store(sp + 24, Text(sp + 8)));
        Define("syscall/js.valueGet", sp => Store(sp + 32, Property(Load(sp + 8), Text(sp + 16))));
        Define("syscall/js.valueSet", sp => ((GoObject)Load(sp + 8)!)[Text(sp + 16)] = Load(sp + 32));
        Define("syscall/js.valueDelete", sp => ((GoObject)Load(sp + 8)!).Remove(Text(sp + 16)));
        Define("syscall/js.valueIndex", sp => Store(sp + 24, ((IList<object?>)Load(sp + 8)!)[_memory.Read<int>(sp + 16)]));
        Define("syscall/js.valueSetIndex", sp => ((IList<object?>)Load(sp + 8)!)[_memory.Read<int>(sp + 16)] = Load(sp + 24));
        Define("syscall/js.valueLength", sp => _memory.Write(sp + 16, (long)(Load(sp + 8) is byte[] bytes ? bytes.Length : ((IList<object?>)Load(sp + 8)!).Count)));
        Define("syscall/js.valueCall", sp =>
        {
            var function = Property(Load(sp + 8), Text(sp + 16));
            Apply(function, sp + 32, 56);
        });
        Define("syscall/js.valueInvoke", sp => Apply(Load(sp + 8), sp + 16, 40));
        Define("syscall/js.valueNew", sp => Apply(Load(sp + 8), sp + 16, 40));
        Define("syscall/js.valuePrepareString", sp =>
        {
            var text = Encoding.UTF8.GetBytes($"{Load(sp + 8)}");
            Store(sp + 16, text);
            _memory.Write(sp + 24, (long)text.Length);
        });
        Define("syscall/js.valueLoadString", sp => ((byte[])Load(sp + 8)!).CopyTo(Slice(sp + 16)));
        Define("syscall/js.copyBytesToJS", sp => Copy(Slice(sp + 16), (byte[])Load(sp + 8)!, sp));
        Define("syscall/js.copyBytesToGo", sp => Copy((byte[])Load(sp + 32)!, Slice(sp + 8), sp));
        return linker;

        void Define(string name, Action<int> function) => linker.Define("gojs", name, function);
    }

    private void Copy(ReadOnlySpan<byte> from, Span<byte> to, int sp)
    {
        var length = Math.Min(from.Length, to.Length);
        from[..length].CopyTo(to);
        _memory.Write(sp + 40, (long)length);
        _memory.Write(sp + 48, (byte)1);
    }

    /// <summary>Calls a function with a slice of arguments. What it returns has a place that is counted from the stack pointer, which the call may have moved.</summary>
    private void Apply(object? function, int arguments, int result)
    {
        var (first, count) = (_memory.Read<int>(arguments), _memory.Read<int>(arguments + 8));
        var returned = ((GoFunction)function!)([.. Enumerable.Range(0, count).Select(i => Load(first + (8 * i)))]);
        var sp = _stack();
        Store(sp + result, returned);
        _memory.Write(sp + result + 8, (byte)1);
    }

    /// <summary>A function of Go that JavaScript calls: Go finds the call where it goes on.</summary>
    private GoFunction Wrapper(object? id) => arguments =>
    {
        var call = new GoObject { ["id"] = id, ["this"] = GoObject.Undefined, ["args"] = arguments.ToList() };
        _go["_pendingEvent"] = call;
        _resume();
        return call.Get("result");
    };

    private GoObject Global()
    {
        var constants = new GoObject();
        foreach (var name in new[] { "O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC", "O_APPEND", "O_EXCL", "O_DIRECTORY" })
            constants[name] = -1.0;
        var files = new GoObject
        {
            ["constants"] = constants,
            // The descriptor, the bytes, where they begin, how many they are, the position, and what is called with an error and their number.
            ["write"] = (GoFunction)(arguments =>
            {
                var bytes = (byte[])arguments[1]!;
                Print(bytes.AsSpan((int)(double)arguments[2]!, (int)(double)arguments[3]!));
                ((GoFunction)arguments[5]!)([null, arguments[3]]);
                return GoObject.Undefined;
            }),
        };
        return new GoObject
        {
            ["fs"] = files,
            ["process"] = new GoObject { ["pid"] = 1.0, ["ppid"] = 0.0, ["cwd"] = (GoFunction)(_ => "/"), ["umask"] = (GoFunction)(_ => 18.0) },
            ["path"] = new GoObject(),
            ["Object"] = (GoFunction)(_ => new GoObject()),
            ["Array"] = (GoFunction)(arguments => arguments.ToList()),
            ["Uint8Array"] = (GoFunction)(arguments => new byte[(int)(double)arguments[0]!]),
        };
    }

    private static object? Property(object? value, string name) => value is GoObject known ? known.Get(name) : GoObject.Undefined;

    private void Print(ReadOnlySpan<byte> bytes) => _output.Append(Encoding.UTF8.GetString(bytes));

    private Span<byte> Slice(int address) => _memory.GetSpan(_memory.Read<int>(address), _memory.Read<int>(address + 8));

    private string Text(int address) => Encoding.UTF8.GetString(Slice(address));

    private object? Load(int address) => _memory.Read<double>(address) switch
    {
        0 => GoObject.Undefined,
        double.NaN => _values[_memory.Read<int>(address)],
        var number => number,
    };

    private void Store(int address, object? value)
    {
        switch (value)
        {
            case double and not 0 and not double.NaN:
                _memory.Write(address, (double)value);
                break;
            case double number:
                Write(number == 0 ? 1 : 0, 0);
                break;
            case null:
                Write(2, 0);
                break;
            case var _ when value == GoObject.Undefined:
                _memory.Write(address, 0.0);
                break;
            default:
                if (!_numbers.TryGetValue(value, out var known))
                {
                    _numbers[value] = known = _values.Count;
                    _values.Add(value);
                }

                Write(known, value switch { bool => 0, string => 2, GoFunction => 4, _ => 1 });
                break;
        }

        void Write(int number, int kind)
        {
            _memory.Write(address, number);
            _memory.Write(address + 4, NanHead | kind);
        }
    }
}
