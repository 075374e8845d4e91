using Fermata.Tests.Hosting;

namespace Fermata.Tests.Compilation;

public sealed class TryRegionTests : IDisposable
{
    private readonly Guest _guest = new();

    public void Dispose() => _guest.Dispose();

    /// <summary>The JIT does not survive IL in which the regions begin at one place, which a branch with a constant condition jumps to.</summary>
    [Theory]
    [InlineData("i32.const 0")]
    [InlineData("i32.const 1")]
    public void Nested_tries_may_begin_where_a_constant_branch_goes(string condition)
    {
        var instance = _guest.Instantiate($"""
            (tag $t)
            (func (export "f") (result i32)
              (block $out
                (block (br_if 0 ({condition})))
                (block $caught
                  (try_table (catch_all $out)
                    (try_table (catch_all $caught) (throw $t))))
                (return (i32.const 5)))
              (i32.const 6))
            """);

        Assert.Equal([5], instance.GetFunction("f").Invoke());
    }
}
