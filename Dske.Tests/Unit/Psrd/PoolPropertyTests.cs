using CsCheck;

namespace Dske.Tests.Unit.Psrd;

/// <summary>Random traffic over a pool, whatever its blocks and whatever the network does.</summary>
[Trait("Tier", "Unit")]
public sealed class PoolPropertyTests
{
    private static readonly Gen<(int[] BlockSizes, int Seed)> Links = Gen.Select(
        Gen.Frequency((4, Gen.Int[1, 40]), (4, Gen.Int[500, 1100]), (4, Gen.Int[1, 7000]), (1, Gen.Int[32_000, 70_000])).Array[1, 7], Gen.Int);

    [Fact]
    public void Invariant_1_Every_byte_is_handed_out_once_at_each_end_and_both_agree_on_it() => Links.Sample(link =>
    {
        using var simulation = new LinkSimulation(link.Seed, link.BlockSizes);
        var random = new Random(link.Seed);
        while (simulation.Send())
        {
            while (simulation.InFlight > random.Next(12))
            {
                simulation.Deliver(mustArrive: true);
            }
        }

        while (simulation.InFlight > 0)
        {
            simulation.Deliver(mustArrive: true);
        }

        Assert.Equal(simulation.Sent, simulation.Received);
        simulation.CheckBooks();
    });

    [Fact]
    public void Invariant_1_Messages_that_are_lost_or_repeated_change_nothing_for_the_others() => Links.Sample(link =>
    {
        using var simulation = new LinkSimulation(link.Seed, link.BlockSizes);
        var random = new Random(link.Seed);
        var lost = 0;
        while (simulation.Send())
        {
            if (random.Next(5) == 0)
            {
                simulation.Lose();
                lost++;
            }

            while (simulation.InFlight > random.Next(12))
            {
                simulation.Deliver(mustArrive: true);
            }

            if (random.Next(50) == 0)
            {
                simulation.CheckBooks();
            }
        }

        Assert.Equal(simulation.Sent - lost - simulation.InFlight, simulation.Received);
        simulation.CheckBooks();
    });

    [Fact]
    public void Invariant_1_An_owner_that_starts_again_never_repeats_itself() => Links.Sample(link =>
    {
        using var simulation = new LinkSimulation(link.Seed, link.BlockSizes);
        var random = new Random(link.Seed);
        while (simulation.Send())
        {
            if (random.Next(6) == 0)
            {
                simulation.RestartOwner();
            }

            while (simulation.InFlight > random.Next(12))
            {
                simulation.Deliver(mustArrive: true);
            }
        }

        Assert.Equal(simulation.Sent - simulation.InFlight, simulation.Received);
        simulation.CheckBooks();
    });

    [Fact]
    public void Invariant_1_A_receiver_that_starts_again_takes_nothing_twice() => Links.Sample(link =>
    {
        using var simulation = new LinkSimulation(link.Seed, link.BlockSizes);
        var random = new Random(link.Seed);
        while (simulation.Send())
        {
            if (random.Next(6) == 0)
            {
                simulation.RestartReceiver();
            }

            if (random.Next(12) == 0)
            {
                simulation.RestartOwner();
            }

            while (simulation.InFlight > random.Next(12))
            {
                simulation.Deliver(mustArrive: false);
            }
        }

        Assert.InRange(simulation.Received, 0, simulation.Sent);
        simulation.CheckBooks();
    });

    [Fact]
    public void An_owner_that_starts_again_is_never_behind_its_receiver_even_if_both_do() => Links.Sample(link =>
    {
        using var simulation = new LinkSimulation(link.Seed, link.BlockSizes);
        var random = new Random(link.Seed);
        while (simulation.Send())
        {
            while (simulation.InFlight > random.Next(12))
            {
                simulation.Deliver(mustArrive: true);
            }

            if (random.Next(6) == 0)
            {
                // What was on its way is forfeited with the receiver's windows; whatever is sent from now on has to arrive.
                while (simulation.InFlight > 0)
                {
                    simulation.Lose();
                }

                simulation.RestartReceiver();
                simulation.RestartOwner();
            }
        }

        simulation.CheckBooks();
    });
}
