using System.Runtime.InteropServices;

namespace Fermata.Runtime;

/// <summary>The fibers that a store has run and that may still be suspended. Used on the store's turn.</summary>
/// <remarks>
/// It does not keep them: a fiber that nothing will ever resume, and whose task nobody holds, is collected although its store lives on. A fiber keeps its place while it is
/// kept for other calls, so that a call mostly costs nothing here.
/// </remarks>
internal sealed class FiberRegistry
{
    private const int FirstCapacity = 16;

    /// <summary>Place 0 is none.</summary>
    private WeakGCHandle<Fiber>[] _places = new WeakGCHandle<Fiber>[FirstCapacity];
    private readonly Stack<int> _free = [];
    private int _end = 1;

    /// <summary>Frees the handles of a store that was not disposed.</summary>
    ~FiberRegistry() => Clear();

    /// <summary>Gives a fiber a place if it has none.</summary>
    public void Add(Fiber fiber)
    {
        if (fiber.Place != 0)
            return;
        if (!_free.TryPop(out var place))
            place = NewPlace();
        _places[place] = new WeakGCHandle<Fiber>(fiber);
        fiber.Place = place;
    }

    /// <summary>Takes a fiber that will not run again off its place.</summary>
    public void Remove(Fiber fiber)
    {
        if (fiber.Place == 0)
            return;
        Free(fiber.Place);
        fiber.Place = 0;
    }

    /// <summary>The fibers that are still there, those kept for other calls too.</summary>
    public List<Fiber> ToList()
    {
        var fibers = new List<Fiber>();
        for (var place = 1; place < _end; place++)
        {
            if (_places[place].IsAllocated && _places[place].TryGetTarget(out var fiber))
                fibers.Add(fiber);
        }

        return fibers;
    }

    /// <summary>Takes all fibers off their places.</summary>
    public void Clear()
    {
        for (var place = 1; place < _end; place++)
            _places[place].Dispose();
        _places = [];
        _end = 1;
        _free.Clear();
    }

    private int NewPlace()
    {
        if (_end < _places.Length)
            return _end++;
        FreeCollected();

        // Growing whenever less than half is free makes a look at all places rare.
        if (_free.Count < _places.Length / 2)
            Array.Resize(ref _places, Math.Max(FirstCapacity, _places.Length * 2));
        return _free.TryPop(out var place) ? place : _end++;
    }

    private void FreeCollected()
    {
        for (var place = 1; place < _end; place++)
        {
            if (_places[place].IsAllocated && !_places[place].TryGetTarget(out _))
                Free(place);
        }
    }

    private void Free(int place)
    {
        _places[place].Dispose();
        _free.Push(place);
    }
}
