using Fermata.Durable;
using Fermata.Orleans;

namespace Fermata.Samples.DurableOrders;

/// <summary>Has orders run: by any process that has the database, or by the silos of a cluster of Orleans.</summary>
internal abstract class Office
{
    public abstract Task StartAsync(string key, DurableModule module, string export, Value[] arguments);

    public abstract Task StartProgramAsync(string key, DurableModule module, string[] arguments);

    /// <exception cref="KeyNotFoundException">There is no such order, or it has ended.</exception>
    public abstract Task RaiseAsync(string key, string name, int content);

    /// <summary>Orders are in the database, and whichever process is there takes them.</summary>
    public sealed class OfProcesses(DurableHostAccessor durable) : Office
    {
        public override Task StartAsync(string key, DurableModule module, string export, Value[] arguments) => durable.Host.StartCallAsync(key, module, export, arguments);

        public override Task StartProgramAsync(string key, DurableModule module, string[] arguments) => durable.Host.StartProgramAsync(key, module, arguments);

        public override Task RaiseAsync(string key, string name, int content) => durable.Host.RaiseAsync(key, name, content);
    }

    /// <summary>Each order is a grain, and Orleans says on which silo.</summary>
    public sealed class OfSilos(IGrainFactory grains) : Office
    {
        public override Task StartAsync(string key, DurableModule module, string export, Value[] arguments) => Store(key).StartAsync(key, module.Hash, export, arguments);

        public override Task StartProgramAsync(string key, DurableModule module, string[] arguments) => Store(key).StartProgramAsync(module.Hash, arguments);

        public override Task RaiseAsync(string key, string name, int content) => Store(key).RaiseAsync(name, content, Server.Json);

        private IDurableStoreGrain Store(string key) => grains.GetGrain<IDurableStoreGrain>(key);
    }
}
