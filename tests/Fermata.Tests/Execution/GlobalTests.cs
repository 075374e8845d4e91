using System.Runtime.Intrinsics;
using Fermata.Runtime;
using Fermata.Validation;

namespace Fermata.Tests.Execution;

public class GlobalTests : StoreTest
{
    public static TheoryData<Value, Value> Pairs => new()
    {
        { 1, -2 },
        { 1L, long.MinValue },
        { 1f, float.NaN },
        { 1d, -0.0 },
        { Value.FromV128(default), Value.FromV128(Vector128.Create(1ul, 2ul).AsByte()) },
        { Value.NullRef(ValType.ExternRef), Value.FromRef("x", ValType.ExternRef) },
    };

    [Theory]
    [MemberData(nameof(Pairs), DisableDiscoveryEnumeration = true)]
    public void A_mutable_global_holds_the_last_value(Value first, Value second)
    {
        var global = new Global(Store, new GlobalType(first.Type, IsMutable: true), first);
        Assert.Equal(first, global.Value);

        global.Value = second;

        Assert.Equal(second, global.Value);
    }

    [Fact]
    public void An_immutable_global_cannot_be_set()
    {
        var global = new Global(Store, new GlobalType(ValType.I32, IsMutable: false), 5);

        var exception = Assert.Throws<InvalidOperationException>(() => global.Value = 6);
        Assert.Equal("the global is immutable: (global i32)", exception.Message);
        Assert.Equal(5, global.Value.AsI32());
    }

    [Fact]
    public void A_value_of_another_type_is_refused()
    {
        var global = new Global(Store, new GlobalType(ValType.I32, IsMutable: true), 5);

        AssertThrows<ArgumentException>("a global of type i32 cannot hold i64:6", () => global.Value = 6L);
        Assert.Throws<ArgumentException>(() => new Global(Store, new GlobalType(ValType.F32, IsMutable: false), 1.0));
        Assert.Equal(5, global.Value.AsI32());
    }

    [Fact]
    public void A_null_of_another_hierarchy_is_refused()
    {
        var type = new GlobalType(ValType.FuncRef, IsMutable: true);
        Assert.Throws<ArgumentException>(() => new Global(Store, type, Value.NullRef(ValType.ExternRef)));

        var global = new Global(Store, type, Value.NullRef(ValType.Ref(true, HeapType.NoFunc)));
        Assert.Equal(Value.NullRef(ValType.FuncRef), global.Value);
    }

    [Fact]
    public void A_global_of_a_defined_type_takes_its_subtypes()
    {
        var parent = new DefinedType(3, isFinal: false, supertype: null) { Composite = new FuncType([], []) };
        var child = new DefinedType(4, isFinal: true, supertype: parent) { Composite = parent.Composite };
        object function = new TypedObject(child);
        object wrong = new TypedObject(parent);
        var global = new Global(Store, new GlobalType(ValType.Ref(true, HeapType.Defined(4)), IsMutable: true));

        global.Value = Value.FromRef(function, ValType.FuncRef);
        Assert.Same(function, global.Value.AsRef());
        Assert.Throws<ArgumentException>(() => global.Value = Value.FromRef(wrong, ValType.FuncRef));

        Assert.True(ReferenceTyping.Matches(function, ValType.Ref(false, HeapType.Defined(3))));
        Assert.True(ReferenceTyping.Matches(function, ValType.ExternRef));
        Assert.False(ReferenceTyping.Matches(function, ValType.Ref(true, HeapType.NoFunc)));
        Assert.False(ReferenceTyping.Matches(function, ValType.Ref(true, HeapType.Eq)));
    }

    private sealed class TypedObject(DefinedType type) : ITypedReference
    {
        public DefinedType DefinedType => type;
    }
}
