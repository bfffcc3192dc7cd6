using Dske.Console;
using Dske.Console.Otlp;
using Dske.Console.Telemetry;
using Dske.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults(options => options.ServePages(builder.Configuration));
builder.Services.AddTelemetryStore();
builder.AddPages();
builder.AddNetwork();

var app = builder.Build();
app.UsePageAccess();
app.MapDefaultEndpoints();
app.MapOtlp();
app.MapPages();
return await app.RunNodeAsync();
