using Fermata.Tests.Hosting;

namespace Fermata.Tests.Execution;

public sealed class IntegerInstructionTests : IDisposable
{
    private readonly Guest _guest = new();

    public void Dispose() => _guest.Dispose();

    /// <summary>The JIT must not take the flags that a rotation leaves for those of its result.</summary>
    [Theory]
    [InlineData("(i32.rotl (local.get 0) (i32.const 21))")]
    [InlineData("(i32.rotr (local.get 0) (i32.const 21))")]
    [InlineData("(i32.or (i32.shl (local.get 0) (i32.const 5)) (i32.shr_u (local.get 0) (i32.const 27)))")]
    [InlineData("(local.set 1 (i32.shl (local.get 0) (i32.const 5))) (local.set 2 (i32.shr_u (local.get 0) (i32.const 27))) (i32.or (local.get 1) (local.get 2))")]
    [InlineData("(local.set 1 (i32.shl (local.get 0) (i32.const 5))) (i32.or (local.get 1) (i32.shr_u (local.get 0) (i32.const 27)))")]
    [InlineData("(i32.or (i32.shl (local.get 0) (i32.const 5)) (block (result i32) (i32.shr_u (local.get 0) (i32.const 27))))")]
    [InlineData("(i32.xor (i32.shr_u (local.get 0) (i32.const 5)) (i32.shl (local.get 0) (i32.const 27)))")]
    public void A_rotation_can_be_compared_with_zero(string rotation)
    {
        var instance = _guest.Instantiate($"""
            (func (export "eqz") (param i32) (result i32) (local i32 i32) {rotation} (i32.eqz))
            (func (export "eqz64") (param i64) (result i32) (local i64 i64)
              {rotation.Replace("i32", "i64", StringComparison.Ordinal).Replace("27", "59", StringComparison.Ordinal)} (i64.eqz))
            (func (export "if") (param i32) (result i32) (local i32 i32) {rotation} (if (result i32) (then (i32.const 1)) (else (i32.const 2))))
            """);

        Assert.Equal([1], instance.GetFunction("eqz").Invoke(0));
        Assert.Equal([0], instance.GetFunction("eqz").Invoke(7));
        Assert.Equal([1], instance.GetFunction("eqz64").Invoke(0L));
        Assert.Equal([0], instance.GetFunction("eqz64").Invoke(7L));
        Assert.Equal([2], instance.GetFunction("if").Invoke(0));
        Assert.Equal([1], instance.GetFunction("if").Invoke(7));
    }
}
