using System.Runtime.Intrinsics;
using Fermata.Runtime;
using Fermata.Structure;
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
        var type = new FuncType([], []);
        var group = Store.Engine.Types.Define(new RecType(0, [new SubType(false, [], type), new SubType(true, [0], type)], 0), []);
        var (parent, child) = (group[0], group[1]);
        object function = new TypedObject(child);
        object wrong = new TypedObject(parent);
        var global = new Global(Store, new GlobalType(ValType.Ref(true, HeapType.Defined(child.Id)), IsMutable: true));

        global.Value = Value.FromRef(function, ValType.FuncRef);
        Assert.Same(function, global.Value.AsRef());
        Assert.Throws<ArgumentException>(() => global.Value = Value.FromRef(wrong, ValType.FuncRef));

        Assert.True(ReferenceTyping.Matches(function, ValType.Ref(false, HeapType.Defined(parent.Id))));
        Assert.True(ReferenceTyping.Matches(function, ValType.ExternRef));
        Assert.False(ReferenceTyping.Matches(function, ValType.Ref(true, HeapType.NoFunc)));
        Assert.False(ReferenceTyping.Matches(function, ValType.Ref(true, HeapType.Eq)));
    }

    [Fact]
    public void A_global_is_read_and_set_with_dotnet_types()
    {
        Set(ValType.I32, 1, 5);
        Set(ValType.I32, 1, uint.MaxValue);
        Set(ValType.I64, 1L, -5L);
        Set(ValType.I64, 1L, ulong.MaxValue);
        Set(ValType.F32, 1f, -0.5f);
        Set(ValType.F64, 1d, -0.5);
        Set(ValType.V128, Value.FromV128(default), Vector128.Create(1ul, 2ul).AsByte());
        Set(ValType.ExternRef, Value.NullRef(ValType.ExternRef), "text");
        Set<string?>(ValType.ExternRef, Value.FromRef("text", ValType.ExternRef), null);
        Set<object>(ValType.Ref(true, HeapType.Any), Value.NullRef(ValType.Ref(true, HeapType.Any)), "text");
        Set(ValType.FuncRef, Value.NullRef(ValType.FuncRef), Function.Create(Store, () => { }));

        void Set<T>(ValType type, Value first, T value)
        {
            var global = new Global(Store, new GlobalType(type, IsMutable: true), first);
            global.Set(value);
            Assert.Equal(value, global.Get<T>());
        }
    }

    [Fact]
    public void A_dotnet_type_that_does_not_fit_is_named_with_what_was_found()
    {
        var number = new Global(Store, new GlobalType(ValType.I64, IsMutable: true), 7L);
        var text = new Global(Store, new GlobalType(ValType.ExternRef, IsMutable: false), Value.FromRef("text", ValType.ExternRef));

        AssertThrows<InvalidOperationException>("the value is not of type i32 but i64:7", () => number.Get<int>());
        AssertThrows<InvalidOperationException>("the value is not a reference but i64:7", () => number.Get<string>());
        AssertThrows<InvalidOperationException>("System.Decimal has no WebAssembly type.", () => number.Get<decimal>());
        AssertThrows<InvalidCastException>("the value refers to a System.String, not to a System.Version", () => text.Get<Version>());
        AssertThrows<ArgumentException>("a global of type i64 cannot hold i32:5", () => number.Set(5));
        AssertThrows<ArgumentException>("a global of type i64 cannot hold externref:String", () => number.Set("5"));
        AssertThrows<ArgumentException>("System.Decimal has no WebAssembly type.", () => number.Set(5m));
        AssertThrows<InvalidOperationException>("the global is immutable", () => text.Set("other"));
        Assert.Equal(7, number.Get<long>());
    }

    private sealed class TypedObject(DefinedType type) : ITypedReference
    {
        public DefinedType DefinedType => type;
    }
}
