using Fermata.Emscripten.ForeignFunctions;

namespace Fermata.Emscripten.Tests;

/// <summary>Calls and closures of libffi, for types of functions that are known only when the program runs.</summary>
public sealed class ForeignCallTests
{
    private const int Cif = 1024, Types = 2048, TypeList = 4096, Arguments = 5120, Values = 6144, Result = 8192, Code = 9216, TypeBytes = 32, ValueBytes = 64;

    /// <summary>The handler of closures waits, then returns one of the arguments: user data are its index and size.</summary>
    private const string Program = """
        (import "env" "ffi_call_js" (func $call (param i32 i32 i32 i32)))
        (import "env" "ffi_closure_alloc_js" (func $allocate (param i32 i32) (result i32)))
        (import "env" "ffi_closure_free_js" (func $free (param i32)))
        (import "env" "ffi_prep_closure_loc_js" (func $prepare (param i32 i32 i32 i32 i32) (result i32)))
        (import "env" "wait" (func $wait))
        (memory (export "memory") 2)
        (table (export "__indirect_function_table") 7 funcref)
        (global $__stack_pointer (export "__stack_pointer") (mut i32) (i32.const 65536))
        (global $top (mut i32) (i32.const 65536))
        (elem (i32.const 1) $handler $none $first $both $float $double)
        (func $none)
        (func $first (param i32) (result i32) (local.get 0))
        (func $float (param f32) (result f32) (local.get 0))
        (func $double (param f64) (result f64) (local.get 0))
        (func $both (param i32 i64 f64) (result i32 i64) (i32.add (local.get 0) (i32.trunc_f64_s (local.get 2))) (local.get 1))
        (func (export "malloc") (param i32) (result i32)
          (global.get $top)
          (global.set $top (i32.add (global.get $top) (local.get 0))))
        (func (export "call") (param i32 i32 i32 i32) (call $call (local.get 0) (local.get 1) (local.get 2) (local.get 3)))
        (func (export "allocate") (param i32 i32) (result i32) (call $allocate (local.get 0) (local.get 1)))
        (func (export "free.closure") (param i32) (call $free (local.get 0)))
        (func (export "prepare") (param i32 i32 i32 i32 i32) (result i32)
          (call $prepare (local.get 0) (local.get 1) (local.get 2) (local.get 3) (local.get 4)))
        (func $handler (param $cif i32) (param $result i32) (param $arguments i32) (param $data i32)
          (call $wait)
          (memory.copy
            (local.get $result)
            (i32.load (i32.add (local.get $arguments) (i32.mul (i32.shr_u (local.get $data) (i32.const 8)) (i32.const 4))))
            (i32.and (local.get $data) (i32.const 255))))
        """;

    private const long Untouched = 0x1234_5678_9ABC_DEF0;

    private static readonly Engine Plain = new();
    private static readonly Engine Suspending = new(new EngineOptions { SuspendEverywhere = true });

    /// <summary>Each is the type of a parameter before and behind the <c>…</c>; the last ones are a structure of one member, and two structures of several.</summary>
    private static readonly (ForeignTypeCode Code, int Size, int Alignment, int[] Members)[] All =
    [
        (ForeignTypeCode.SInt8, 1, 1, []), (ForeignTypeCode.UInt8, 1, 1, []), (ForeignTypeCode.SInt16, 2, 2, []), (ForeignTypeCode.UInt16, 2, 2, []), (ForeignTypeCode.SInt32, 4, 4, []),
        (ForeignTypeCode.UInt32, 4, 4, []), (ForeignTypeCode.Pointer, 4, 4, []), (ForeignTypeCode.Int, 4, 4, []), (ForeignTypeCode.SInt64, 8, 8, []), (ForeignTypeCode.UInt64, 8, 8, []),
        (ForeignTypeCode.Float, 4, 4, []), (ForeignTypeCode.Double, 8, 8, []), (ForeignTypeCode.LongDouble, 16, 16, []),
        (ForeignTypeCode.Struct, 8, 8, [11]), (ForeignTypeCode.Struct, 3, 1, [0, 0, 1]), (ForeignTypeCode.Struct, 24, 8, [11, 8, 4]),
    ];

    public static TheoryData<bool, int> Cases()
    {
        var cases = new TheoryData<bool, int>();
        for (var index = 0; index < 2 * All.Length; index++)
        {
            cases.Add(false, index);
            cases.Add(true, index);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task AClosureThatWaitsReturnsTheArgumentThatItIsCalledWith(bool suspendsEverywhere, int index)
    {
        var wait = new TaskCompletionSource();
        await using var instance = await StartAsync(suspendsEverywhere, () => wait.Task);
        var type = index % All.Length;
        Describe(instance.Memory, result: type, fixedCount: All.Length, count: 2 * All.Length);
        var closure = Call(instance, "allocate", 16, Code);
        var pointer = instance.Memory.Read<int>(Code);
        Assert.Equal(0, Call(instance, "prepare", closure, Cif, 1, (index << 8) | All[type].Size, pointer));
        instance.Memory.GetSpan(Result, ValueBytes).Fill(0xEE);

        var calling = instance.GetFunction("call").InvokeAsync(Cif, pointer, Result, Arguments);

        Assert.False(calling.IsCompleted);
        wait.SetResult();
        await calling;
        var size = All[type].Size;
        Assert.Equal(instance.Memory.GetSpan(Values + (index * ValueBytes), size).ToArray(), instance.Memory.GetSpan(Result, size).ToArray());
        Assert.Equal(0xEE, instance.Memory.Read<byte>(Result + size));
        Assert.Equal(65536, instance.Instance.GetGlobal("__stack_pointer").Value.AsI32());
    }

    [Fact]
    public async Task APlaceOfAClosureThatWasFreedIsUsedAgain()
    {
        await using var instance = await StartAsync(false, () => Task.CompletedTask);
        Describe(instance.Memory, result: 4, fixedCount: 1, count: 1);
        var closure = Call(instance, "allocate", 16, Code);
        var pointer = instance.Memory.Read<int>(Code);
        Call(instance, "prepare", closure, Cif, 1, 4, pointer);
        instance.GetFunction("free.closure").Invoke(closure);

        var trap = await Assert.ThrowsAsync<TableTrapException>(() => instance.GetFunction("call").InvokeAsync(Cif, pointer, Result, Arguments));
        Assert.Contains("uninitialized element", trap.Message, StringComparison.Ordinal);
        Call(instance, "allocate", 16, Code);
        Assert.Equal(pointer, instance.Memory.Read<int>(Code));
    }

    /// <summary>The functions in the table are called as ones with that many parameters, int and uint64_t in turn, and a result that is void (-1) or one of <see cref="All"/>.</summary>
    [Theory]
    [InlineData(2, 4, 2, 0)]
    [InlineData(2, 8, 0, 0)]
    [InlineData(2, 11, 1, 0)]
    [InlineData(3, 4, 1, 7)]
    [InlineData(3, 4, 2, 7)]
    [InlineData(3, 4, 0, 0)]
    [InlineData(3, -1, 1, Untouched)]
    [InlineData(4, 4, 1, 7)]
    [InlineData(4, 4, 2, 7)]
    [InlineData(4, -1, 0, Untouched)]
    public async Task AFunctionWithMoreOrFewerParametersOrResultsIsCalledAllTheSame(int function, int result, int count, long expected)
    {
        await using var instance = await StartAsync(false, () => Task.CompletedTask);
        DescribeTwo(instance.Memory, result, count);
        instance.Memory.Write(Result, Untouched);

        await instance.GetFunction("call").InvokeAsync(Cif, function, Result, Arguments);

        Assert.Equal(expected, result == 8 || expected == Untouched ? instance.Memory.Read<long>(Result) : instance.Memory.Read<int>(Result));
        Assert.Equal(65536, instance.Instance.GetGlobal("__stack_pointer").Value.AsI32());
    }

    /// <summary>The functions return their only parameter, of types int, float and double; an argument of one of <see cref="All"/> becomes that, and the result one of <see cref="All"/>.</summary>
    [Theory]
    [InlineData(3, 4, -1, 11, -1)]
    [InlineData(5, 4, -1, 4, -1)]
    [InlineData(6, 5, -1, 11, 4294967295)]
    [InlineData(6, 0, -1, 11, -1)]
    [InlineData(5, 6, -1, 11, 4294967296)]
    [InlineData(3, 10, -2.75, 4, -2)]
    [InlineData(3, 11, 4294967295.5, 4, -1)]
    [InlineData(3, 11, -4294967298.0, 5, -2)]
    [InlineData(3, 11, 1e300, 4, 0)]
    [InlineData(3, 11, 36893488147419111424.0, 4, 8192)]
    [InlineData(3, 11, double.NaN, 4, 0)]
    [InlineData(3, 11, double.NegativeInfinity, 4, 0)]
    [InlineData(5, 11, 0.1, 11, 0.10000000149011612)]
    [InlineData(6, 10, 0.5, 10, 0.5)]
    public async Task NumbersBecomeThoseOfTheFunctionAndItsResultThatOfTheCaller(int function, int type, double argument, int result, double expected)
    {
        await using var instance = await StartAsync(false, () => Task.CompletedTask);
        DescribeOne(instance.Memory, result, type);
        WriteNumber(instance.Memory, Values, type, argument);
        instance.Memory.Write(Result, Untouched);

        await instance.GetFunction("call").InvokeAsync(Cif, function, Result, Arguments);

        Assert.Equal(expected, result switch
        {
            10 => instance.Memory.Read<float>(Result),
            11 => instance.Memory.Read<double>(Result),
            _ => instance.Memory.Read<int>(Result),
        });
    }

    [Theory]
    [InlineData(3, 8, 4)]
    [InlineData(3, 4, 8)]
    [InlineData(6, 11, 8)]
    [InlineData(6, 9, 11)]
    public async Task IntegersOf64BitsBecomeNothingElse(int function, int type, int result)
    {
        await using var instance = await StartAsync(false, () => Task.CompletedTask);
        DescribeOne(instance.Memory, result, type);

        var trap = await Assert.ThrowsAsync<TableTrapException>(() => instance.GetFunction("call").InvokeAsync(Cif, function, Result, Arguments));

        Assert.Contains("indirect call type mismatch", trap.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(15, 8, "libffi's type 15 (complex numbers) of 8 bytes, aligned to 4, cannot be passed")]
    [InlineData(1, -1, "libffi's type 1 of -1 bytes")]
    public async Task AWrongTypeIsToldOf(int code, int size, string expected)
    {
        await using var instance = await StartAsync(false, () => Task.CompletedTask);
        Describe(instance.Memory, result: 4, fixedCount: 1, count: 1);
        WriteType(instance.Memory, 0, ((ForeignTypeCode)code, size, 4, []));
        var closure = Call(instance, "allocate", 16, Code);

        var error = await Assert.ThrowsAsync<NotSupportedException>(() => instance.GetFunction("call").InvokeAsync(Cif, 1, Result, Arguments));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Equal(1, Call(instance, "prepare", closure, Cif, 1, 4, instance.Memory.Read<int>(Code)));
    }

    [Fact]
    public async Task AClosureIsNotPreparedWhereThereIsNoPlaceForOne()
    {
        await using var instance = await StartAsync(false, () => Task.CompletedTask);
        Describe(instance.Memory, result: 4, fixedCount: 1, count: 1);

        Assert.Equal(1, Call(instance, "prepare", Call(instance, "allocate", 16, Code), Cif, 1, 4, 1));
    }

    private static async Task<EmscriptenInstance> StartAsync(bool suspendsEverywhere, Func<Task> wait) =>
        await EmscriptenProgram.Load(suspendsEverywhere ? Suspending : Plain, ModuleInfo.Parse(Program).Bytes).StartAsync(new EmscriptenHost().Define("wait", wait));

    /// <summary>Writes the types, a function with parameters of these in turn, and an argument for each.</summary>
    private static void Describe(Memory memory, int result, int fixedCount, int count)
    {
        foreach (var (index, type) in All.Index())
            WriteType(memory, index, type);
        int[] cif = [1, count, TypeList, Types + (result * TypeBytes), 0, fixedCount < count ? 1 : 0, fixedCount];
        foreach (var (index, word) in cif.Index())
            memory.Write(Cif + (index * sizeof(int)), word);
        for (var index = 0; index < count; index++)
        {
            memory.Write(TypeList + (index * sizeof(int)), Types + (index % All.Length * TypeBytes));
            memory.Write(Arguments + (index * sizeof(int)), Values + (index * ValueBytes));
            for (var part = 0; part < All[index % All.Length].Size; part++)
                memory.Write(Values + (index * ValueBytes) + part, (byte)(0x81 + (index * 5) + part));
        }
    }

    /// <summary>As <see cref="Describe"/>, with an int of 7 and a uint64_t.</summary>
    private static void DescribeTwo(Memory memory, int result, int count)
    {
        Describe(memory, Math.Max(result, 0), count, count);
        int[] types = [4, 9];
        foreach (var (index, type) in types.Index())
            memory.Write(TypeList + (index * sizeof(int)), Types + (type * TypeBytes));
        memory.Write(Values, 7);
        if (result >= 0)
            return;
        const int none = 20;
        WriteType(memory, none, (ForeignTypeCode.Void, 1, 1, []));
        memory.Write(Cif + (3 * sizeof(int)), Types + (none * TypeBytes));
    }

    /// <summary>As <see cref="Describe"/>, with one argument of a type.</summary>
    private static void DescribeOne(Memory memory, int result, int type)
    {
        Describe(memory, result, 1, 1);
        memory.Write(TypeList, Types + (type * TypeBytes));
    }

    private static void WriteNumber(Memory memory, int address, int type, double number)
    {
        if (All[type].Code == ForeignTypeCode.Float)
            memory.Write(address, (float)number);
        else if (All[type].Code == ForeignTypeCode.Double)
            memory.Write(address, number);
        else
            memory.Write(address, (int)number);
    }

    private static void WriteType(Memory memory, int index, (ForeignTypeCode Code, int Size, int Alignment, int[] Members) type)
    {
        var address = Types + (index * TypeBytes);
        memory.Write(address, type.Size);
        memory.Write(address + 4, (short)type.Alignment);
        memory.Write(address + 6, (short)type.Code);
        memory.Write(address + 8, address + 12);
        foreach (var (member, other) in type.Members.Index())
            memory.Write(address + 12 + (member * sizeof(int)), Types + (other * TypeBytes));
        memory.Write(address + 12 + (type.Members.Length * sizeof(int)), 0);
    }

    private static int Call(EmscriptenInstance instance, string function, params Value[] arguments) => instance.GetFunction(function).Invoke(arguments)[0].AsI32();
}
