-- Prints what wrk counted as one line of JSON. Anything but a clean answer makes the sample void: see `sample` in ../run.
done = function(summary, latency, requests)
  local failed = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.status + summary.errors.timeout
  io.write(string.format('{"requests":%d,"micros":%d,"failed":%d}\n', summary.requests, summary.duration, failed))
end
