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
        var ids = new int[8][];
        Parallel.For(0, ids.Length, thread =>
            ids[thread] = [.. Enumerable.Range(0, 500).Select(i =>
            {
                var type = _registry.Intern(new FuncType([.. Enumerable.Repeat(ValType.I32, i % 250)], i < 250 ? [] : [ValType.F64]));
                Assert.Same(type, _registry.Get(type.Id));
                return type.Id;
            })]);
        Assert.All(ids, list => Assert.Equal(ids[0], list));
        Assert.Equal(Enumerable.Range(0, 500), ids[0].Order());
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
}
