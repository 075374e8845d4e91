using Fermata.Runtime;

namespace Fermata.Tests.Suspension;

public sealed class ShadowStackTests : IDisposable
{
    private readonly Store _store = new(new Engine());
    private readonly Global _pointer;
    private readonly Memory _memory;
    private readonly ShadowStack _stack;
    private readonly StackSlice _first;
    private readonly StackSlice _second;

    public ShadowStackTests()
    {
        _pointer = new Global(_store, new GlobalType(ValType.I32, true), 4096);
        _memory = new Memory(_store, new MemoryType(new Limits(1, 1)));
        _stack = new ShadowStack(_pointer, _memory, lowest: 0, leavesInPlace: true);
        _first = new StackSlice(_stack);
        _second = new StackSlice(_stack);
    }

    private int Pointer
    {
        get => _pointer.Value.AsI32();
        set => _pointer.Value = value;
    }

    public void Dispose() => _store.Dispose();

    [Fact]
    public void CallsThatEndInReverseOrderAreNeverCopied()
    {
        Park(_first, 100);
        Park(_second, 50);
        Assert.Equal(4096 - 150, Pointer);
        _stack.Resume(_second);
        Assert.Equal((null, null), (_first.Copy, _second.Copy));
        _stack.End(_second, isNested: false);
        Assert.Equal(4096 - 100, Pointer);
        _stack.Resume(_first);
        Assert.Equal((null, null), (_first.Copy, _second.Copy));
        _stack.End(_first, isNested: false);
        Assert.Equal(4096, Pointer);
    }

    [Fact]
    public void OnlyWhatStandsInTheWayIsMovedOut()
    {
        var third = new StackSlice(_stack);
        Park(_first, 100);
        Park(_second, 50);
        Park(third, 20);
        _memory.Write(4096 - 150, 42);
        _stack.Resume(_second);
        Assert.Null(_first.Copy);
        Assert.NotNull(third.Copy);
        _stack.End(_second, isNested: false);
        Assert.Equal(4096 - 100, Pointer);
        _stack.Resume(third);
        Assert.Null(third.Copy);
        Assert.Equal(4096 - 170, Pointer);
    }

    [Fact]
    public void MovedBytesComeBack()
    {
        Park(_first, 100);
        Park(_second, 8);
        _memory.Write(4096 - 108, 0x1122334455667788);
        _stack.Resume(_first);
        _memory.GetSpan(0UL, 4096).Clear();
        _stack.End(_first, isNested: false);
        Assert.Equal(4096, Pointer);
        _stack.Resume(_second);
        Assert.Equal(0x1122334455667788, _memory.Read<long>(4096 - 108));
        Assert.Equal(4096 - 108, Pointer);
    }

    [Fact]
    public void ACallWithinACallMakesWayAtOnce()
    {
        _stack.Start(_first, isNested: false);
        Pointer -= 100;
        _stack.Start(_second, isNested: true);
        Pointer -= 50;
        _stack.Suspend(_second, isNested: true);
        Assert.NotNull(_second.Copy);
        Assert.Equal(4096 - 100, Pointer);
    }

    [Fact]
    public void AStackThatIsHalfFullIsEmptied()
    {
        Park(_first, 2100);
        _stack.Start(_second, isNested: false);
        Assert.NotNull(_first.Copy);
        Assert.Equal(4096, Pointer);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ACallOnAStackOfItsOwnAboveStaysThereAndMovesNothing(bool leavesInPlace)
    {
        const int own = 8192;
        var stack = new ShadowStack(_pointer, _memory, lowest: 0, leavesInPlace);
        Park(stack, _first, 100);
        var copied = stack.CopiedBytes;
        Pointer = own;
        Park(stack, _second, 50);
        Assert.Equal(leavesInPlace ? 4096 - 100 : 4096, Pointer);
        _memory.Write(own - 50, 42);
        stack.Resume(_second);
        Assert.Equal((own - 50, 42), (Pointer, _memory.Read<int>(own - 50)));
        Pointer = own;
        stack.End(_second, isNested: false);
        Assert.Equal(copied, stack.CopiedBytes);
        stack.Resume(_first);
        Assert.Equal(4096 - 100, Pointer);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void CallsThatACallOnItsOwnStackStartsKeepTheirPartsOfItAndItKeepsIts(bool leavesInPlace)
    {
        const int own = 8192;
        var stack = new ShadowStack(_pointer, _memory, lowest: 0, leavesInPlace);
        var host = new StackSlice(stack);
        Pointer = own;
        stack.Start(host, isNested: true);
        stack.Suspend(host, isNested: true);
        stack.Resume(host);
        Pointer = own - 100;
        StartInside(_first, 1);
        StartInside(_second, 2);
        Pointer = own - 140;
        _memory.Write(own - 140, 3);
        stack.Suspend(host, isNested: false);

        // They go on in turns.
        for (var turn = 0; turn < 2; turn++)
        {
            foreach (var (guest, value) in new[] { (_first, 1), (_second, 2) })
            {
                stack.Resume(guest);
                Assert.Equal((own - 150, value), (Pointer, _memory.Read<int>(own - 150)));
                _memory.GetSpan(own - 400, 250).Fill(0xee);
                stack.Suspend(guest, isNested: false);
            }
        }

        stack.Resume(host);
        Assert.Equal((own - 140, 3), (Pointer, _memory.Read<int>(own - 140)));

        void StartInside(StackSlice guest, int value)
        {
            stack.Start(guest, isNested: true);
            Pointer = own - 150;
            _memory.Write(own - 150, value);
            stack.Suspend(guest, isNested: true);
            Assert.Equal(own - 100, Pointer);
        }
    }

    private void Park(StackSlice slice, int size) => Park(_stack, slice, size);

    private void Park(ShadowStack stack, StackSlice slice, int size)
    {
        stack.Start(slice, isNested: false);
        Pointer -= size;
        stack.Suspend(slice, isNested: false);
    }
}
