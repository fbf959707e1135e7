import { Counter, Gauge, Histogram, Registry } from 'prom-client'

export type Value = readonly [labels: Readonly<Record<string, string>>, value: number]

/** A metric that gets all its values anew at each scrape. */
export type Shown = { readonly show: (values: readonly Value[]) => void }

/** Makes metrics of one registry. */
export function createRegistry() {
  const registry = new Registry()
  const registers = [registry]
  return {
    text: () => registry.metrics(),
    counter: (name: string, help: string, labelNames: readonly string[]) =>
      new Counter({ name, help, labelNames: [...labelNames], registers }),
    histogram: (name: string, help: string, labelNames: readonly string[], buckets: number[]) =>
      new Histogram({ name, help, labelNames: [...labelNames], buckets, registers }),
    /** Missing until it is set. */
    gauge: (name: string, help: string, labelNames: readonly string[] = []): Shown => {
      const gauge = new Gauge({ name, help, labelNames: [...labelNames], registers })
      return showing(gauge, (labels, value) => gauge.set(labels, value))
    },
    /** Counts what is counted elsewhere. */
    counted: (name: string, help: string, labelNames: readonly string[] = []): Shown => {
      const counter = new Counter({ name, help, labelNames: [...labelNames], registers })
      return showing(counter, (labels, value) => counter.inc(labels, value))
    },
  }
}

export type MetricsOf = ReturnType<typeof createRegistry>

function showing(metric: Gauge | Counter, set: (...value: Value) => void): Shown {
  const clear = () => {
    metric.reset()
    // Without labels, a reset leaves a zero.
    if (isPlain(metric)) metric.remove()
  }
  clear()
  return {
    show: (values) => {
      clear()
      for (const [labels, value] of values) set(labels, value)
    },
  }
}

function isPlain(metric: Gauge | Counter): boolean {
  return (metric as unknown as { labelNames: readonly string[] }).labelNames.length === 0
}
