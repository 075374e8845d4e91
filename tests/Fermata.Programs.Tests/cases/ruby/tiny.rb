p [1, 2].map { _1 * 2 }, (begin; raise 'x'; rescue => e; e.message; end)
exit 7
