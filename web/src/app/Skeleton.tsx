/** The board's shape while its first state is on the way: the same panes, so that nothing moves when it comes. */
export function Skeleton() {
  return (
    <div className="skeleton" role="status" aria-label="Loading the session">
      {Array.from({ length: 20 }, (_, index) => (
        <span key={index} className="skeleton-row" style={{ "--delay": `${index * 40}ms` }}>
          <i style={{ width: 26 }} /><i style={{ width: 60 }} /><i style={{ width: `${28 + ((index * 7) % 17)}%` }} /><i style={{ width: 56 }} />
        </span>
      ))}
    </div>
  );
}
