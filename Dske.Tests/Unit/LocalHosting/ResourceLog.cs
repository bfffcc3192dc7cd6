using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Dske.Tests.Unit.LocalHosting;

/// <summary>Keeps what resources wrote, line by line.</summary>
internal sealed class ResourceLog : ILoggerProvider
{
    private readonly Channel<(string Resource, string Line)> _lines = Channel.CreateUnbounded<(string, string)>();

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, _lines.Writer);

    /// <summary>Takes lines until one of a resource holds a text.</summary>
    public async Task<string> WaitForAsync(string resource, string text, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (writer, line) = await _lines.Reader.ReadAsync(cancellationToken);
            if (writer == resource && line.Contains(text, StringComparison.Ordinal))
            {
                return line;
            }
        }
    }

    public void Dispose() => _lines.Writer.TryComplete();

    private sealed class Logger(string category, ChannelWriter<(string, string)> lines) : ILogger
    {
        private const string Marker = ".Resources.";

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => category.Contains(Marker, StringComparison.Ordinal);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                lines.TryWrite((category[(category.IndexOf(Marker, StringComparison.Ordinal) + Marker.Length)..], formatter(state, exception)));
            }
        }
    }
}
