namespace Fermata.Samples.SqliteAsync;

/// <summary>The locks on one file, of all who have it open in this process.</summary>
internal sealed class FileLocks
{
    private readonly Lock _lock = new();
    private readonly Dictionary<object, LockLevel> _levels = [];

    /// <summary>Takes a lock, if others have none that is in its way.</summary>
    /// <param name="holder">Whose it is.</param>
    /// <param name="level">Which.</param>
    public bool TryLock(object holder, LockLevel level)
    {
        lock (_lock)
        {
            var (own, others) = (_levels.GetValueOrDefault(holder), HighestOfOthers(holder));
            if (own >= level)
                return true;
            if (level == LockLevel.Exclusive)
            {
                // Those who read may finish. Until then nobody else begins to.
                if (others >= LockLevel.Reserved)
                    return false;
                _levels[holder] = others == LockLevel.None ? LockLevel.Exclusive : LockLevel.Pending;
                return others == LockLevel.None;
            }

            if (others >= (level == LockLevel.Shared ? LockLevel.Pending : LockLevel.Reserved))
                return false;
            _levels[holder] = level;
            return true;
        }
    }

    /// <summary>Goes back to a lower lock, or to none.</summary>
    public void Unlock(object holder, LockLevel level)
    {
        lock (_lock)
        {
            if (level == LockLevel.None)
                _levels.Remove(holder);
            else if (_levels.GetValueOrDefault(holder) > level)
                _levels[holder] = level;
        }
    }

    /// <summary>Whether anybody is going to write.</summary>
    public bool IsReserved()
    {
        lock (_lock)
            return _levels.Values.Any(level => level >= LockLevel.Reserved);
    }

    private LockLevel HighestOfOthers(object holder) =>
        _levels.Where(pair => pair.Key != holder).Select(pair => pair.Value).DefaultIfEmpty().Max();
}
