using Dske.Protocol.Clients;
using Dske.Protocol.Identifiers;
using Dske.Protocol.KeyDelivery;
using Dske.Protocol.Secrets;
using Dske.Tests.Network.InMemory;

namespace Dske.Tests.Unit.Clients;

/// <summary>Keys that wait at a client, after a request for several had to be refused.</summary>
[Trait("Tier", "Unit")]
public sealed class RebuiltKeysTests : IDisposable
{
    private static readonly SaeId Sam = SaeId.Parse("sam");
    private static readonly SaeId Serena = SaeId.Parse("serena");

    private readonly VirtualTime _time = new();
    private readonly RebuiltKeys _kept;

    public RebuiltKeysTests() => _kept = new RebuiltKeys(TimeSpan.FromMinutes(10), maxKeys: 3, maxBytes: 100, _time);

    [Fact]
    public void A_key_is_taken_out_once_by_whom_it_is_for()
    {
        _kept.Keep(Key(1), Sam, Serena);

        Assert.Null(_kept.Take(Id(2), Sam, Serena));
        Assert.Null(_kept.Take(Id(1), Serena, Sam));
        var (key, until) = _kept.Take(Id(1), Sam, Serena)!.Value;
        Assert.Equal((1, _time.GetUtcNow().AddMinutes(10)), (key.Key.Span[0], until));
        key.Dispose();

        Assert.Null(_kept.Take(Id(1), Sam, Serena));
    }

    [Fact]
    public void The_oldest_go_when_there_are_too_many()
    {
        var keys = Enumerable.Range(1, 4).Select(i => Key(i)).ToList();

        keys.ForEach(key => _kept.Keep(key, Sam, Serena));

        Assert.Equal(3, _kept.Count);
        Assert.Throws<ObjectDisposedException>(() => keys[0].Key.Span.Length);
        Assert.Null(_kept.Take(Id(1), Sam, Serena));
    }

    [Fact]
    public void The_oldest_go_when_there_are_too_many_bytes()
    {
        var (small, large, huge) = (Key(1, 40), Key(2, 80), Key(3, 101));
        _kept.Keep(small, Sam, Serena);

        _kept.Keep(large, Sam, Serena);
        _kept.Keep(huge, Sam, Serena);

        Assert.Equal(1, _kept.Count);
        Assert.Throws<ObjectDisposedException>(() => small.Key.Span.Length);
        Assert.Throws<ObjectDisposedException>(() => huge.Key.Span.Length);
    }

    [Fact]
    public void Each_goes_when_its_time_is_over_though_nobody_asks()
    {
        var (first, second) = (Key(1), Key(2));
        _kept.Keep(first, Sam, Serena);
        _time.Advance(TimeSpan.FromMinutes(4));
        _kept.Keep(second, Sam, Serena);

        _time.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal(1, _kept.Count);
        Assert.Throws<ObjectDisposedException>(() => first.Key.Span.Length);

        _time.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal(0, _kept.Count);
        Assert.Throws<ObjectDisposedException>(() => second.Key.Span.Length);
    }

    [Fact]
    public void The_timer_goes_on_for_keys_that_come_after_others_were_taken()
    {
        _kept.Keep(Key(1), Sam, Serena);
        _kept.Take(Id(1), Sam, Serena)!.Value.Key.Dispose();
        _time.Advance(TimeSpan.FromMinutes(9));
        _kept.Keep(Key(2), Sam, Serena);

        _time.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal(0, _kept.Count);
    }

    [Fact]
    public void To_ask_for_a_key_in_vain_again_keeps_it_no_longer()
    {
        _kept.Keep(Key(1), Sam, Serena);
        _time.Advance(TimeSpan.FromMinutes(6));
        _kept.Keep(Key(2), Sam, Serena);
        var (key, until) = _kept.Take(Id(1), Sam, Serena)!.Value;

        _kept.Keep(key, Sam, Serena, until);
        _time.Advance(TimeSpan.FromMinutes(4));

        Assert.Equal(1, _kept.Count);
        Assert.Throws<ObjectDisposedException>(() => key.Key.Span.Length);
        _time.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal(0, _kept.Count);
    }

    [Fact]
    public void The_same_key_is_kept_once()
    {
        var again = Key(1);
        _kept.Keep(Key(1), Sam, Serena);

        _kept.Keep(again, Sam, Serena);

        Assert.Equal(1, _kept.Count);
        Assert.Throws<ObjectDisposedException>(() => again.Key.Span.Length);
    }

    [Fact]
    public void All_are_zeroed_in_the_end_and_what_comes_later_too()
    {
        var (first, late) = (Key(1), Key(2));
        _kept.Keep(first, Sam, Serena);

        _kept.Dispose();
        _kept.Keep(late, Sam, Serena);

        Assert.Throws<ObjectDisposedException>(() => first.Key.Span.Length);
        Assert.Throws<ObjectDisposedException>(() => late.Key.Span.Length);
    }

    public void Dispose() => _kept.Dispose();

    private static Guid Id(int i) => new(i, 0, 0, new byte[8]);

    private static DeliveredKey Key(int i, int size = 32) => new(Id(i), SecretBytes.CopyOf(Enumerable.Repeat((byte)i, size).ToArray()));
}
