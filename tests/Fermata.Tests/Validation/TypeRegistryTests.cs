using System.Runtime.CompilerServices;
using Fermata.Structure;
using Fermata.Validation;

namespace Fermata.Tests.Validation;

public class TypeRegistryTests
{
    private readonly TypeRegistry _registry = new();
    private readonly List<DefinedType> _types = [];

    [Fact]
    public void Equal_function_types_are_one()
    {
        var first = Define(Func([ValType.I32], [ValType.I64]));
        var second = Define(Func([ValType.I32], [ValType.I64]));
        Assert.Same(first[0], second[0]);
        Assert.Same(first[0], _registry.Intern(new FuncType([ValType.I32], [ValType.I64])));
        Assert.Same(first[0], _registry.Get(first[0].Id));
    }

    [Fact]
    public void Parameters_are_no_results() =>
        Assert.NotSame(Define(Func([ValType.I32], []))[0], Define(Func([], [ValType.I32]))[0]);

    [Fact]
    public void Finality_mutability_and_packing_count()
    {
        SubType[] variants =
        [
            Final(new StructType([new FieldType(ValType.I32, Packing.None, false)])),
            Final(new StructType([new FieldType(ValType.I32, Packing.None, true)])),
            Final(new StructType([new FieldType(default, Packing.I8, false)])),
            Final(new StructType([new FieldType(default, Packing.I16, false)])),
            Final(new ArrayType(new FieldType(ValType.I32, Packing.None, false))),
            new SubType(false, [], new ArrayType(new FieldType(ValType.I32, Packing.None, false))),
        ];
        Assert.Equal(variants.Length, variants.Select(variant => Define(variant)[0].Id).Distinct().Count());
    }

    [Fact]
    public void Types_that_refer_to_equal_types_are_equal_wherever_these_stand()
    {
        Define(Func([], []));
        var a = Define(Func([ToType(0)], []))[0];
        Define(Func([], []));
        var b = Define(Func([ToType(2)], []))[0];
        Assert.Same(a, b);
    }

    [Fact]
    public void A_recursive_type_is_equal_to_another_one_of_the_same_form()
    {
        // (rec (type (func (param (ref 0))))), twice.
        var a = Define(Func([ToType(0)], []))[0];
        var b = Define(Func([ToType(1)], []))[0];
        Assert.Same(a, b);
        Assert.Equal(ValType.Ref(false, HeapType.Defined(a.Id)), a.Func!.Parameters[0]);

        // One step unrolled it is another type (section 3.1.3 "Rolling and Unrolling").
        Assert.NotSame(a, Define(Func([ToType(0)], []))[0]);
    }

    [Fact]
    public void Groups_are_equal_as_wholes()
    {
        var pair = Define(Func([], []), Func([ValType.I32], []));
        var same = Define(Func([], []), Func([ValType.I32], []));
        var swapped = Define(Func([ValType.I32], []), Func([], []));
        var alone = Define(Func([], []));
        Assert.Equal(pair, same);
        Assert.NotSame(pair[0], swapped[1]);
        Assert.NotSame(pair[0], alone[0]);
    }

    [Fact]
    public void A_group_may_be_empty() => Assert.Empty(Define());

    [Fact]
    public void Members_with_the_same_form_differ_by_their_place()
    {
        var group = Define(Func([], []), Func([], []));
        Assert.NotSame(group[0], group[1]);
    }

    [Fact]
    public void A_declared_subtype_is_one_of_all_above()
    {
        var top = Define(Open([]))[0];
        var middle = Define(Open([0], ValType.I32))[0];
        var bottom = Define(Open([1], ValType.I32, ValType.I64))[0];
        var other = Define(Open([0], ValType.F32))[0];
        Assert.True(TypeRegistry.IsSubtype(bottom, top));
        Assert.True(TypeRegistry.IsSubtype(bottom, middle));
        Assert.True(TypeRegistry.IsSubtype(bottom, bottom));
        Assert.False(TypeRegistry.IsSubtype(top, bottom));
        Assert.False(TypeRegistry.IsSubtype(bottom, other));
        Assert.False(TypeRegistry.IsSubtype(other, middle));
    }

    /// <summary>Section 3.3.3 "Heap Types": for each heap type, all others that it matches.</summary>
    [Fact]
    public void The_lattice_of_heap_types()
    {
        var function = HeapType.Defined(Define(Func([], []))[0].Id);
        var structure = HeapType.Defined(Define(Open([]))[0].Id);
        var array = HeapType.Defined(Define(Final(new ArrayType(new FieldType(ValType.I32, Packing.None, true))))[0].Id);
        var supertypes = new Dictionary<HeapType, HeapType[]>
        {
            [HeapType.Any] = [],
            [HeapType.Eq] = [HeapType.Any],
            [HeapType.I31] = [HeapType.Eq, HeapType.Any],
            [HeapType.Struct] = [HeapType.Eq, HeapType.Any],
            [HeapType.Array] = [HeapType.Eq, HeapType.Any],
            [HeapType.None] = [HeapType.I31, HeapType.Struct, HeapType.Array, HeapType.Eq, HeapType.Any, structure, array],
            [HeapType.Func] = [],
            [HeapType.NoFunc] = [HeapType.Func, function],
            [HeapType.Extern] = [],
            [HeapType.NoExtern] = [HeapType.Extern],
            [HeapType.Exn] = [],
            [HeapType.NoExn] = [HeapType.Exn],
            [function] = [HeapType.Func],
            [structure] = [HeapType.Struct, HeapType.Eq, HeapType.Any],
            [array] = [HeapType.Array, HeapType.Eq, HeapType.Any],
        };
        foreach (var (sub, above) in supertypes)
        {
            foreach (var super in supertypes.Keys)
                Assert.Equal(sub == super || above.Contains(super), _registry.IsSubtype(sub, super));
            Assert.True(_registry.IsSubtype(HeapType.Bottom, sub));
            Assert.False(_registry.IsSubtype(sub, HeapType.Bottom));
        }
    }

    [Fact]
    public void References_and_numbers()
    {
        var nonNull = ValType.Ref(false, HeapType.Func);
        Assert.True(_registry.IsSubtype(nonNull, ValType.FuncRef));
        Assert.False(_registry.IsSubtype(ValType.FuncRef, nonNull));
        Assert.False(_registry.IsSubtype(ValType.FuncRef, ValType.ExternRef));
        Assert.False(_registry.IsSubtype(ValType.I32, ValType.I64));
        Assert.False(_registry.IsSubtype(ValType.I32, ValType.FuncRef));
        Assert.True(_registry.IsSubtype(ValType.Bottom, ValType.FuncRef));
        Assert.True(_registry.IsSubtype(ValType.Bottom, ValType.I32));
    }

    [Fact]
    public void The_top_of_each_hierarchy()
    {
        var function = HeapType.Defined(Define(Func([], []))[0].Id);
        var structure = HeapType.Defined(Define(Open([]))[0].Id);
        Assert.All([HeapType.Func, HeapType.NoFunc, function], type => Assert.Equal(HeapType.Func, _registry.Top(type)));
        Assert.All([HeapType.Extern, HeapType.NoExtern], type => Assert.Equal(HeapType.Extern, _registry.Top(type)));
        Assert.All([HeapType.Exn, HeapType.NoExn], type => Assert.Equal(HeapType.Exn, _registry.Top(type)));
        Assert.All([HeapType.Any, HeapType.I31, HeapType.None, structure], type => Assert.Equal(HeapType.Any, _registry.Top(type)));
    }

    [Fact]
    public void Several_threads_get_the_same_types()
    {
        var types = new DefinedType[8][];
        Parallel.For(0, types.Length, thread =>
            types[thread] = [.. Enumerable.Range(0, 500).Select(i =>
            {
                var type = _registry.Intern(new FuncType([.. Enumerable.Repeat(ValType.I32, i % 250)], i < 250 ? [] : [ValType.F64]));
                Assert.Same(type, _registry.Get(type.Id));
                return type;
            })]);
        Assert.All(types, list => Assert.Equal(types[0], list));
        Assert.Equal(Enumerable.Range(0, 500), types[0].Select(type => type.Id).Order());
    }

    [Fact]
    public void Types_that_nobody_has_are_forgotten()
    {
        for (var i = 0; i < 10; i++)
        {
            var id = InternMany(1000);
            Collect();
            var exception = Assert.Throws<InvalidOperationException>(() => _registry.Get(id));
            Assert.Equal($"The engine has no type {id} any more: nothing that uses it is left. Keep the module as long as types of it are used.", exception.Message);
        }

        _registry.Intern(new FuncType([], []));
        Assert.InRange(_registry.Count, 1, 10);
    }

    [Fact]
    public void A_type_that_comes_back_has_another_identity()
    {
        var id = InternMany(1);
        Collect();
        var again = _registry.Intern(Numbered(0));
        Assert.NotEqual(id, again.Id);
        Assert.Same(again, _registry.Get(again.Id));
    }

    [Fact]
    public void A_type_keeps_its_group_and_what_that_refers_to()
    {
        var member = DefineWithOthers();
        Collect();
        Define(Open([], ValType.F32));
        Define(Final(new ArrayType(new FieldType(ValType.I64, Packing.None, false))), Func([ToType(0)], []));
        Assert.Same(member, _types[2]);
        Assert.True(member.Func!.Parameters[0] == ValType.Ref(false, HeapType.Defined(_types[0].Id)));

        [MethodImpl(MethodImplOptions.NoInlining)]
        DefinedType DefineWithOthers()
        {
            Define(Open([], ValType.F32));
            var type = Define(Final(new ArrayType(new FieldType(ValType.I64, Packing.None, false))), Func([ToType(0)], []))[1];
            _types.Clear();
            return type;
        }
    }

    [Fact]
    public void A_type_that_a_finalizer_brings_back_is_still_the_one()
    {
        InternForFinalizer();
        Collect();
        var revived = Assert.IsType<DefinedType>(Reviver.Revived);
        Assert.Same(revived, _registry.Intern(Numbered(5)));

        [MethodImpl(MethodImplOptions.NoInlining)]
        void InternForFinalizer() => _ = new Reviver(_registry.Intern(Numbered(5)));
    }

    [Fact]
    public void Types_are_one_at_a_time_while_others_are_collected()
    {
        const int Collections = 30;
        var found = new DefinedType?[3];
        var (round, different) = (0, 0);
        var (isEnding, isLast) = (false, false);
        using var barrier = new Barrier(found.Length, barrier =>
        {
            if (barrier.CurrentPhaseNumber % 2 != 0)
                return;
            different += found.All(type => type == found[0]) ? 0 : 1;
            round++;
            isLast = Volatile.Read(ref isEnding);
        });
        var threads = Array.ConvertAll(Enumerable.Range(0, found.Length).ToArray(), index => new Thread(() =>
        {
            while (!isLast)
            {
                found[index] = _registry.Intern(Numbered(round % 7));
                barrier.SignalAndWait();
                found[index] = null;
                barrier.SignalAndWait();
            }
        }));
        foreach (var thread in threads)
            thread.Start();
        for (var i = 0; i < Collections; i++)
        {
            GC.Collect();
            Thread.Sleep(1);
        }

        Volatile.Write(ref isEnding, true);
        foreach (var thread in threads)
            thread.Join();
        Assert.Equal(0, different);
    }

    [Fact]
    public void Identities_end_with_a_message()
    {
        var registry = new TypeRegistry(int.MaxValue - 1);
        var last = registry.Intern(Numbered(0));
        Assert.Same(last, registry.Get(last.Id));
        Assert.Same(last, registry.Intern(Numbered(0)));
        var exception = Assert.Throws<NotSupportedException>(() => registry.Intern(Numbered(1)));
        Assert.Equal("The engine has told 2147483647 types apart, and cannot tell more. Make another engine.", exception.Message);
    }

    /// <summary>Makes types that are garbage afterwards.</summary>
    /// <returns>The identity of the first.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int InternMany(int count) => Enumerable.Range(0, count).Select(i => _registry.Intern(Numbered(i)).Id).Min();

    /// <summary>A function type for each number.</summary>
    private static FuncType Numbered(int number) =>
        new([.. Enumerable.Range(0, 16).Select(bit => (number >> bit & 1) == 0 ? ValType.I32 : ValType.I64)], []);

    private static void Collect()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    private static ValType ToType(int index) => ValType.Ref(false, HeapType.Defined(index));

    private static SubType Final(CompositeType type) => new(true, [], type);

    private static SubType Func(ValType[] parameters, ValType[] results) => Final(new FuncType(parameters, results));

    private static SubType Open(int[] supertypes, params ValType[] fields) =>
        new(false, supertypes, new StructType(Array.ConvertAll(fields, type => new FieldType(type, Packing.None, false))));

    private DefinedType[] Define(params SubType[] members)
    {
        var types = _registry.Define(new RecType(_types.Count, members, 0), _types);
        _types.AddRange(types);
        return types;
    }

    private sealed class Reviver(DefinedType type)
    {
        public static DefinedType? Revived { get; private set; }

        ~Reviver() => Revived = type;
    }
}
