namespace Fermata.Tests.Aggregates;

/// <summary>Structures and arrays are data of any store of an engine; the functions that they hold are called in their own store only.</summary>
public sealed class ForeignFunctionTests : IDisposable
{
    private const string Program = """
        (type $f (func (param i32) (result i32)))
        (type $box (struct (field (mut (ref null $f))) (field i32)))
        (type $row (array (mut (ref null $f))))
        (memory 1)
        (table $t 1 10 (ref null $f))
        (global $g (mut (ref null $f)) (ref.null $f))
        (func $inc (type $f) (i32.add (i32.load (i32.const 0)) (i32.add (local.get 0) (i32.const 1))))
        (elem declare func $inc)
        (func $of (param $b anyref) (result (ref null $f)) (struct.get $box 0 (ref.cast (ref $box) (local.get $b))))
        (func (export "box") (result anyref) (struct.new $box (ref.func $inc) (i32.const 7)))
        (func (export "row") (result anyref) (array.new_fixed $row 1 (ref.func $inc)))
        (func (export "external") (result externref) (extern.convert_any (struct.new $box (ref.func $inc) (i32.const 7))))

        (func (export "number") (param anyref) (result i32) (struct.get $box 1 (ref.cast (ref $box) (local.get 0))))
        (func (export "call_ref") (param anyref) (result i32) (call_ref $f (i32.const 1) (call $of (local.get 0))))
        (func (export "call_ref of a non-null one") (param anyref) (result i32) (call_ref $f (i32.const 1) (ref.as_non_null (call $of (local.get 0)))))
        (func (export "return_call_ref") (param anyref) (result i32) (return_call_ref $f (i32.const 1) (call $of (local.get 0))))
        (func (export "table.set") (param anyref) (result i32)
          (table.set $t (i32.const 0) (call $of (local.get 0))) (call_indirect $t (type $f) (i32.const 1) (i32.const 0)))
        (func (export "table.grow") (param anyref) (result i32)
          (call_indirect $t (type $f) (i32.const 1) (table.grow $t (call $of (local.get 0)) (i32.const 1))))
        (func (export "table.fill") (param anyref) (result i32)
          (table.fill $t (i32.const 0) (call $of (local.get 0)) (i32.const 1)) (call_indirect $t (type $f) (i32.const 1) (i32.const 0)))
        (func (export "global.set") (param anyref) (result i32) (global.set $g (call $of (local.get 0))) (call_ref $f (i32.const 1) (global.get $g)))
        (func (export "array.get") (param anyref) (result i32)
          (call_ref $f (i32.const 1) (array.get $row (ref.cast (ref $row) (local.get 0)) (i32.const 0))))
        (func (export "array.copy") (param anyref) (result i32) (local $own (ref $row))
          (array.copy $row $row (local.tee $own (array.new_default $row (i32.const 1))) (i32.const 0)
            (ref.cast (ref $row) (local.get 0)) (i32.const 0) (i32.const 1))
          (call_ref $f (i32.const 1) (array.get $row (local.get $own) (i32.const 0))))
        (func (export "any.convert_extern") (param externref) (result i32)
          (call_ref $f (i32.const 1) (call $of (any.convert_extern (local.get 0)))))
        """;

    private readonly Engine _engine = new();
    private readonly Store _own;
    private readonly Store _other;
    private readonly Instance _here;
    private readonly Instance _there;

    public ForeignFunctionTests()
    {
        var module = Module.Parse(_engine, $"(module {Program})");
        _own = new Store(_engine);
        _other = new Store(_engine);
        _here = new Linker(_engine).Instantiate(_own, module);
        _there = new Linker(_engine).Instantiate(_other, module);
    }

    public void Dispose()
    {
        _own.Dispose();
        _other.Dispose();
    }

    [Theory]
    [InlineData("call_ref", "box")]
    [InlineData("call_ref of a non-null one", "box")]
    [InlineData("return_call_ref", "box")]
    [InlineData("table.set", "box")]
    [InlineData("table.grow", "box")]
    [InlineData("table.fill", "box")]
    [InlineData("global.set", "box")]
    [InlineData("array.get", "row")]
    [InlineData("array.copy", "row")]
    [InlineData("any.convert_extern", "external")]
    public void AFunctionThatAnObjectOfAnotherStoreHoldsIsNotCalled(string way, string maker)
    {
        var call = _here.GetFunction(way);
        Assert.Equal(2, call.Invoke(_here.GetFunction(maker).Invoke())[0].AsI32());
        var foreign = _there.GetFunction(maker).Invoke();
        var trap = Assert.Throws<ReferenceTrapException>(() => call.Invoke(foreign));
        Assert.Equal(TrapKind.ForeignFunction, trap.Kind);
        Assert.StartsWith("function of another store\n", trap.Message, StringComparison.Ordinal);
        _other.Dispose();
        Assert.Equal(TrapKind.ForeignFunction, Assert.Throws<ReferenceTrapException>(() => call.Invoke(foreign)).Kind);
    }

    [Fact]
    public void TheDataOfAnObjectOfAnotherStoreIsRead()
    {
        var box = _there.GetFunction("box").Invoke();
        _other.Dispose();
        Assert.Equal(7, _here.GetFunction("number").Invoke(box)[0].AsI32());
    }
}
